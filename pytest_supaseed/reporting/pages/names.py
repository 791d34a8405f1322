"""How tables are called on a page, and where a link to one leads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.markup import Markup, element, isolated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.reporting.pages.page_data import TablePage


def shortened(name: str, width: int) -> str:
    """Return a name without its middle where it is longer than the width: names differ at their ends."""
    if len(name) <= width:
        return name
    end = (width - 1) // 2
    return f"{name[: width - 1 - end]}\N{HORIZONTAL ELLIPSIS}{name[-end:]}"


class ShownNames:
    """Short names: without the schema that most tables are in.

    Args:
        tables: of a dataset.
        prefix: how the anchors of the dataset begin.
    """

    def __init__(self, tables: Iterable[TablePage], prefix: str) -> None:
        named = list(tables)
        schemas = Counter(table.schema for table in named)
        most = max(schemas, key=lambda schema: (schemas[schema], schema), default="")
        self._short = {
            table.name: table.name[len(most) + 1 :] if table.schema == most else table.name for table in named
        }
        self._anchors = {qualified: f"{prefix}t{number}" for number, qualified in enumerate(self._short)}

    def short(self, qualified: str) -> str:
        """Return a table's short name."""
        return self._short.get(qualified, qualified)

    def anchor(self, qualified: str) -> str:
        """Return the anchor of a table's details."""
        return self._anchors[qualified]

    def link(self, qualified: str) -> Markup:
        """Return a link to a table's details; the bare name where it has none."""
        name = isolated(self.short(qualified))
        return element("a", name, href=f"#{self.anchor(qualified)}") if qualified in self._anchors else name
