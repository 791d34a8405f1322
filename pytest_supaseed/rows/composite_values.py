"""Values made of others: arrays as lists, composites as the text that Postgres reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.value_text import row_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_LONGEST = 4
"""Elements of an array; there is always one at least."""


def array_drawer(slot: Slot, drawer_of: Callable[[Slot], Drawer | None]) -> Drawer | None:
    """Arrays of one to four elements, none of them NULL; labels of an enum and texts occur once."""
    inner = slot.element()
    element = None if inner is None else drawer_of(inner)
    if inner is None or element is None:
        return None
    distinct = inner.kind.kind is TypeKind.ENUM or inner.kind.name in {"text", "varchar", "citext"}

    def draw(draws: Draws) -> list[object]:
        found = [element(draws) for _ in range(draws.between(1, _LONGEST))]
        return list(dict.fromkeys(found)) if distinct else found

    return draw


def composite_drawer(slot: Slot, drawer_of: Callable[[Slot], Drawer | None]) -> Drawer:
    """Composites with a value for each attribute; NULL for one whose type we know no value of."""
    kind = slot.kind
    drawers = [drawer_of(slot.attribute(found)) for found in kind.attributes]

    def draw(draws: Draws) -> str:
        return row_text(kind, [None if drawer is None else drawer(draws) for drawer in drawers])

    return draw
