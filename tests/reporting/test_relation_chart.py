"""The relations as a Mermaid flowchart."""

from __future__ import annotations

import pytest

from pytest_supaseed.reporting.relation_chart import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("public.users", "public.users"),
        ('a "b"; c', "a #quot;b#quot;#59; c"),
        ("<script>&#x;", "#lt;script#gt;#amp;#35;x#59;"),
        ("`code`|\\n\n]", "#96;code#96;#124;#92;n ]"),
        ("naïve_表", "naïve_表"),
    ],
)
def test_a_name_is_only_a_name(text: str, shown: str) -> None:
    """Nothing in it ends a label, is markup, or is a code of Mermaid's."""
    assert escaped(text) == shown
