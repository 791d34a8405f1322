"""Types of well-known extensions, by name in whatever schema the extension is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.geometry_values import POSTGIS
from pytest_supaseed.rows.text_values import text_drawer, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_DIMENSIONS = 3
"""Of a vector column without a dimension."""
_BRANCHES = ("science", "nature", "travel", "home", "food", "sport")


def _components(draws: Draws, size: int) -> list[str]:
    return [f"{draws.between(-999, 999) / 1000:g}" for _ in range(size)]


def _vector(slot: Slot) -> Drawer:
    size = slot.modifier if slot.modifier > 0 else _DIMENSIONS
    return lambda draws: f"[{','.join(_components(draws, size))}]"


def _sparse_vector(slot: Slot) -> Drawer:
    size = slot.modifier if slot.modifier > 0 else _DIMENSIONS
    return lambda draws: f"{{{draws.between(1, size)}:{draws.between(1, 99) / 100:g}}}/{size}"


def _pairs(draws: Draws) -> str:
    return f'"color"=>"{word(draws)}", "size"=>"{draws.between(1, 12)}"'


def _path(draws: Draws) -> str:
    return f"top.{draws.pick(_BRANCHES)}.{word(draws)}"


def _check_digit(digits: str) -> int:
    """The last digit of a 13-digit article number (GS1)."""
    total = sum(int(digit) * (1 if position % 2 == 0 else 3) for position, digit in enumerate(digits))
    return -total % 10


def _article(prefix: str) -> Drawer:
    def draw(draws: Draws) -> str:
        digits = f"{prefix}{draws.below(10**9):09d}"
        return f"{digits}{_check_digit(digits)}"

    return draw


def _plain(drawer: Drawer) -> Callable[[Slot], Drawer]:
    return lambda _slot: drawer


EXTENSIONS: Mapping[str, Callable[[Slot], Drawer]] = {
    **POSTGIS,
    "citext": text_drawer,
    "hstore": _plain(_pairs),
    "ltree": _plain(_path),
    "lquery": _plain(lambda draws: f"*.{draws.pick(_BRANCHES)}.*"),
    "ltxtquery": _plain(lambda draws: f"{draws.pick(_BRANCHES)} & {word(draws)}"),
    "query_int": _plain(lambda draws: f"{draws.between(1, 99)}&{draws.between(1, 99)}"),
    "vector": _vector,
    "halfvec": _vector,
    "sparsevec": _sparse_vector,
    "cube": _plain(lambda draws: f"({', '.join(_components(draws, _DIMENSIONS))})"),
    "seg": _plain(lambda draws: f"{draws.between(1, 9)} .. {draws.between(10, 19)}"),
    "ean13": _plain(_article("400")),
    "isbn13": _plain(_article("978")),
    "isbn": _plain(_article("978")),
}
"""Drawers of extensions' types, by the type's name."""
