"""`python -m reference`: writes the parts of README and docs/ that are taken from the code anew."""

from __future__ import annotations

from reference.pages import ROOT, pages, renewed

for page in pages():
    text = page.read_text(encoding="utf-8")
    if (new := renewed(text)) != text:
        page.write_text(new, encoding="utf-8")
        print(page.relative_to(ROOT))
