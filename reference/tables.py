"""Tables in Markdown, and that of the options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.options import describe_options

if TYPE_CHECKING:
    from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table.

    Raises:
        ValueError: a cell holds what ends one.
    """
    titles = list(head)
    lines = [titles, *map(list, rows)]
    if torn := [cell for line in lines for cell in line if "|" in cell]:
        raise ValueError(f"a cell with a | is read differently by GitHub and by the site: {torn}")
    shown = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([shown[0], "|" + "---|" * len(titles), *shown[1:]])


def options() -> str:
    """Return all options with what each allows."""
    return table(("Flag", "Default", "Allowed", "What it does"), describe_options())


def options_in_short() -> str:
    """Return all options, without what each allows."""
    rows = [(flag, default, purpose) for flag, default, _, purpose in describe_options()]
    return table(("Flag", "Default", "What it does"), rows)
