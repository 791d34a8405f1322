"""Ranges and multiranges over any subtype: never empty, in order, and in the canonical form of Postgres."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pytest_supaseed.rows.domains import Slot
from pytest_supaseed.rows.magnitudes import ORDINARY, magnitude_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.catalog.model import Type
    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer

_BOUNDS = "[)"
"""What Postgres makes of every range of a discrete subtype; the usual form of the others."""
_MOST_PARTS = 3


def range_drawer(slot: Slot, drawer_of: Callable[[Slot], Drawer | None]) -> Drawer | None:
    """Ranges as psycopg's `Range`; None where we know no value of the subtype."""
    draw = _parts_drawer(slot, drawer_of)
    return None if draw is None else lambda draws: draw(draws, 1)[0]


def multirange_drawer(slot: Slot, drawer_of: Callable[[Slot], Drawer | None]) -> Drawer | None:
    """Multiranges as psycopg's `Multirange`, their ranges in order and apart from each other."""
    draw = _parts_drawer(slot, drawer_of)
    return None if draw is None else lambda draws: Multirange(draw(draws, draws.between(1, _MOST_PARTS)))


def _parts_drawer(
    slot: Slot, drawer_of: Callable[[Slot], Drawer | None]
) -> Callable[[Draws, int], list[Range[Any]]] | None:
    subtype = slot.kind.subtype
    if subtype is None:
        return None
    inner = Slot(subtype.storage, -1, subtype.name, slot.name)
    first = drawer_of(inner)
    if first is None:
        return None
    step = _step(subtype.storage, slot.name)
    return _points(first) if step is None else _ascending(first, step)


def _ascending(first: Drawer, step: Callable[[Draws], Any]) -> Callable[[Draws, int], list[Range[Any]]]:
    def draw(draws: Draws, parts: int) -> list[Range[Any]]:
        bound: Any = first(draws)
        found = []
        for _ in range(parts):
            end = bound + step(draws)
            found.append(Range(bound, end, _BOUNDS))
            bound = end + step(draws)
        return found

    return draw


def _points(first: Drawer) -> Callable[[Draws, int], list[Range[Any]]]:
    """Ranges without an end: the order of a subtype that we cannot add to is known to Postgres alone."""
    return lambda draws, _parts: [Range(first(draws), None, _BOUNDS)]


def _step(kind: Type, name: str) -> Callable[[Draws], Any] | None:
    if kind.schema != "pg_catalog":
        return None
    if kind.name in {"int2", "int4", "int8"}:
        return lambda draws: draws.between(1, 20)
    if kind.name in {"numeric", "money"}:
        most = int((magnitude_of(name) or ORDINARY).high) or 1
        return lambda draws: Decimal(draws.between(1, most * 10)).scaleb(-1)
    return _STEPS.get(kind.name)


_STEPS: dict[str, Callable[[Draws], Any]] = {
    "float4": lambda draws: float(draws.between(1, 100)),
    "float8": lambda draws: float(draws.between(1, 100)),
    "date": lambda draws: timedelta(days=draws.between(1, 14)),
    "timestamp": lambda draws: timedelta(minutes=15 * draws.between(1, 96)),
    "timestamptz": lambda draws: timedelta(minutes=15 * draws.between(1, 96)),
    "interval": lambda draws: timedelta(minutes=15 * draws.between(1, 96)),
}
