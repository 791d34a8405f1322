"""Pages in which a part is the code's own text, between two comments that no reader sees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from reference.commands import commands
from reference.errors import command_line_codes, errors, pytest_codes, warnings
from reference.fixtures import fixtures, marker_arguments
from reference.interface import factories, interface
from reference.tables import options, options_in_short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parents[1]
PARTS: Mapping[str, Callable[[], str]] = {
    "options in short": options_in_short,
    "options": options,
    "fixtures": fixtures,
    "arguments of the marker": marker_arguments,
    "interface": interface,
    "factories": factories,
    "commands": commands,
    "errors": errors,
    "warnings": warnings,
    "exit codes of supaseed": command_line_codes,
    "exit codes of pytest": pytest_codes,
}
"""By name: what makes the text of a part."""
_PART = re.compile(r"(?P<head><!-- from the code: (?P<name>.+?) -->\n).*?(?P<foot><!-- end -->)", re.DOTALL)


def pages() -> Iterator[Path]:
    """Yield the pages that may have such parts."""
    yield ROOT / "README.md"
    yield from sorted((ROOT / "docs").rglob("*.md"))


def parts_of(text: str) -> list[str]:
    """Return the names of the parts of a page."""
    return [found["name"] for found in _PART.finditer(text)]


def renewed(text: str) -> str:
    """Return a page with each part as the code has it now.

    Raises:
        KeyError: there is no part of that name.
    """
    return _PART.sub(lambda found: f"{found['head']}\n{PARTS[found['name']]()}\n\n{found['foot']}", text)
