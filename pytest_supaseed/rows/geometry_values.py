"""Postgres's own geometric types, and points of PostGIS; all as the text that Postgres reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_PLANE = 1000
"""Coordinates lie between 0 and this."""
_PRINTED = re.compile(r"\((?P<shape>\w+)(?:,(?P<system>\d+))?\)")
_WGS84 = "4326"


def _number(draws: Draws, most: int = _PLANE) -> str:
    return f"{draws.between(1, most * 10 - 1) / 10:g}"


def point(draws: Draws) -> str:
    """`(x,y)`."""
    return f"({_number(draws)},{_number(draws)})"


def _points(draws: Draws, least: int, most: int) -> str:
    return ",".join(point(draws) for _ in range(draws.between(least, most)))


def _line(draws: Draws) -> str:
    return f"{{{_number(draws)},-1,{_number(draws)}}}"


def _box(draws: Draws) -> str:
    x, y = draws.below(_PLANE), draws.below(_PLANE)
    return f"({x + draws.between(1, 99)},{y + draws.between(1, 99)}),({x},{y})"


_WKT: Mapping[str, Callable[[Draws], str]] = {
    "point": lambda draws: f"POINT({_degrees(draws)})",
    "linestring": lambda draws: f"LINESTRING({_degrees(draws)},{_degrees(draws)})",
    "polygon": lambda draws: f"POLYGON({_ring(draws)})",
    "multipoint": lambda draws: f"MULTIPOINT(({_degrees(draws)}),({_degrees(draws)}))",
    "multilinestring": lambda draws: f"MULTILINESTRING(({_degrees(draws)},{_degrees(draws)}))",
    "multipolygon": lambda draws: f"MULTIPOLYGON(({_ring(draws)}))",
}


def _degrees(draws: Draws) -> str:
    return f"{draws.between(-1700, 1700) / 10:g} {draws.between(-600, 700) / 10:g}"


def _ring(draws: Draws) -> str:
    x, y = draws.between(-170, 169), draws.between(-60, 69)
    return f"({x} {y},{x + 1} {y},{x + 1} {y + 1},{x} {y + 1},{x} {y})"


def _postgis(slot: Slot) -> Drawer:
    found = _PRINTED.search(slot.printed)
    shape = _WKT.get(found["shape"].lower() if found else "point", _WKT["point"])
    system = (found["system"] if found else None) or (_WGS84 if slot.kind.name == "geography" else None)
    prefix = f"SRID={system};" if system and system != "0" else ""
    return lambda draws: prefix + shape(draws)


GEOMETRY: Mapping[str, Callable[[Slot], Drawer]] = {
    "point": lambda _slot: point,
    "line": lambda _slot: _line,
    "lseg": lambda _slot: lambda draws: f"[{point(draws)},{point(draws)}]",
    "box": lambda _slot: _box,
    "path": lambda _slot: lambda draws: f"[{_points(draws, 2, 4)}]",
    "polygon": lambda _slot: lambda draws: f"({_points(draws, 3, 5)})",
    "circle": lambda _slot: lambda draws: f"<{point(draws)},{_number(draws, 50)}>",
}
"""Drawers of the built-in geometric types, by the type's name."""
POSTGIS: Mapping[str, Callable[[Slot], Drawer]] = {"geometry": _postgis, "geography": _postgis}
"""Drawers of PostGIS's types, in whatever schema it is installed."""
