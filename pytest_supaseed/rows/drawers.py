"""One drawer for each type: scalar types by name, types made of others by what they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.composite_values import array_drawer, composite_drawer
from pytest_supaseed.rows.extension_values import EXTENSIONS
from pytest_supaseed.rows.geometry_values import GEOMETRY
from pytest_supaseed.rows.json_values import JSON
from pytest_supaseed.rows.network_values import NETWORK
from pytest_supaseed.rows.number_values import NUMBERS
from pytest_supaseed.rows.range_values import multirange_drawer, range_drawer
from pytest_supaseed.rows.system_values import SYSTEM
from pytest_supaseed.rows.text_values import TEXTS
from pytest_supaseed.rows.time_values import TIMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.rows.domains import Drawer, Slot

_BUILT_IN: Mapping[str, Callable[[Slot], Drawer]] = {
    **TEXTS,
    **NUMBERS,
    **TIMES,
    **NETWORK,
    **JSON,
    **GEOMETRY,
    **SYSTEM,
}
_KINDS: Mapping[TypeKind, Callable[[Slot, Callable[[Slot], Drawer | None]], Drawer | None]] = {
    TypeKind.ARRAY: array_drawer,
    TypeKind.COMPOSITE: composite_drawer,
    TypeKind.RANGE: range_drawer,
    TypeKind.MULTIRANGE: multirange_drawer,
}


def drawer_of(slot: Slot) -> Drawer | None:
    """What draws a value for a place, whatever else its row holds; None for a type that we do not know."""
    kind = slot.kind
    if kind.kind is TypeKind.ENUM:
        return (lambda draws: draws.pick(kind.labels)) if kind.labels else None
    if kind.kind in _KINDS:
        return _KINDS[kind.kind](slot, drawer_of)
    known = _BUILT_IN if kind.schema == "pg_catalog" else EXTENSIONS
    make = known.get(kind.name)
    return None if make is None else make(slot)
