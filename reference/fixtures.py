"""Fixtures and the marker, as pytest knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed import markers, plugin
from pytest_supaseed.options import OPTIONS
from reference.docstrings import read_docstring
from reference.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTION_OF = {"strategy": "user_strategy"}
_SCOPES = ("function", "class", "module", "session")


def fixtures() -> str:
    """Return every fixture, those that tests use first."""
    rows = sorted(_fixtures(), key=lambda row: _SCOPES.index(row[1]))
    return table(("Fixture", "Scope", "Value"), rows)


def _fixtures() -> Iterator[tuple[str, str, str]]:
    for name in plugin.__all__:
        fixture = getattr(plugin, name)
        scope = fixture._fixture_function_marker.scope  # noqa: SLF001  # pytest has no public way to ask
        yield f"`{name}`", scope, read_docstring(fixture).prose.replace("\n", " ")


def marker_arguments() -> str:
    """Return the arguments of `@pytest.mark.supaseed`, each with the option whose place it takes."""
    options = {option.key: f"`{option.flag}`" for option in OPTIONS}
    names = markers._signature.__kwdefaults__ or {}  # noqa: SLF001  # no test needs it, so it is not public
    rows = [(f"`{name}`", _allowed(name), options[_OPTION_OF.get(name, name)]) for name in names]
    return table(("Argument", "Allowed", "In place of"), rows)


def _allowed(name: str) -> str:
    """Ask the marker itself, by giving it what it refuses."""
    try:
        markers._signature(**{name: object()})  # type: ignore[arg-type]  # noqa: SLF001
    except ValueError as error:
        return re.sub(r"(\{.*?\}+|(?<!\w)'[^']*')", r"`\1`", str(error).split("; allowed is ")[1])
    raise ValueError(f"the marker takes anything for {name}")
