"""Numbers: whole, exact and approximate ones, money, and booleans, of realistic magnitude."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pytest_supaseed.rows.magnitudes import ORDINARY, Magnitude, magnitude_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

WHOLE_TYPES = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}
"""The largest value of each whole-number type."""
EPOCH_FROM = 1_735_689_600
"""2025-01-01 in seconds since 1970: what a whole number named like a moment counts from."""
YEAR_SECONDS = 31_536_000
_MOMENT = re.compile(
    r"_at$|_ts$|^ts$|(?:^|_)(?:timestamp|epoch|created|updated|expires)(?:_(?:ms|millis|seconds))?$"
)
_MOSTLY_TRUE = re.compile(
    r"(?:^|_)(?:active|enabled|published|verified|confirmed|visible|public|available|valid|allowed|accepted|success"
    r"|subscribed|paid|approved|open)(?:_|$)"
)
_MOSTLY_FALSE = re.compile(
    r"(?:^|_)(?:deleted|removed|archived|blocked|banned|disabled|hidden|spam|locked|cancell?ed|expired|revoked|suspended"
    r"|default|admin|super_?user|staff|anonymous|test|draft|pinned|featured|primary|sso_user)(?:_|$)"
)
LARGE_SHARE, SMALL_SHARE, EVEN = 0.85, 0.08, 0.5


@dataclass(frozen=True, slots=True)
class Scale:
    """The exact numbers that a place takes: whole multiples of 10 to the power of `-scale`, up to `units`.

    A negative scale rounds to tens or hundreds; `units` bounds the multiple's magnitude.
    """

    scale: int
    units: int

    def within(self, low: float, high: float) -> tuple[int, int]:
        """The multiples between two numbers; all that the place takes from 1 on where there are none."""
        step = Decimal(1).scaleb(-self.scale)
        first, last = int(Decimal(str(low)) / step), int(Decimal(str(high)) / step)
        first, last = max(first, -self.units), min(last, self.units)
        return (first, last) if last > first else (min(1, self.units), self.units)

    def value(self, multiple: int) -> Decimal:
        """The number of a multiple, without an exponent."""
        number = Decimal(multiple).scaleb(-self.scale)
        return number if self.scale >= 0 else number.quantize(Decimal(1))


def numeric_scale(modifier: int) -> tuple[int, int] | None:
    """Precision and scale of a `numeric` modifier (11 bits of signed scale); None for a bare one."""
    if modifier < 0:
        return None
    packed = modifier - 4
    return packed >> 16 & 0xFFFF, ((packed & 0x7FF) ^ 1024) - 1024


def scale_of(slot: Slot) -> Scale:
    """The numbers that an exact place takes."""
    name = slot.kind.name
    if name in WHOLE_TYPES:
        return Scale(0, WHOLE_TYPES[name])
    found = numeric_scale(slot.modifier) if name == "numeric" else None
    if found is None:
        decimals = magnitude_in(slot).decimals
        return Scale(2 if name == "money" else decimals, 10**15)
    precision, scale = found
    return Scale(scale, 10**precision - 1)


def magnitude_in(slot: Slot) -> Magnitude:
    """The magnitude of a place: by its name, a moment's number among them."""
    if slot.kind.name in {"int4", "int8"} and _MOMENT.search(slot.name):
        factor = 1000 if slot.kind.name == "int8" else 1
        return Magnitude(EPOCH_FROM * factor, (EPOCH_FROM + YEAR_SECONDS) * factor, 0)
    return magnitude_of(slot.name) or ORDINARY


def exact_drawer(slot: Slot) -> Drawer:
    """Whole numbers as `int`, others as `Decimal`."""
    found = magnitude_in(slot)
    if found.values and slot.kind.name in WHOLE_TYPES:
        return lambda draws: draws.pick(found.values)
    place = scale_of(slot)
    decimals = min(max(found.decimals, 0), place.scale) if place.scale > 0 else place.scale
    low, high = Scale(decimals, place.units // 10 ** (place.scale - decimals)).within(found.low, found.high)
    if high < low or (high == low == 0):
        decimals, (low, high) = place.scale, place.within(found.low, found.high)
    draw = _between(low, high, skewed=found.skewed)
    if slot.kind.name in WHOLE_TYPES:
        return draw
    made = Scale(decimals, place.units)
    return lambda draws: made.value(draw(draws))


@dataclass(frozen=True)
class Evenly:
    """Draws whole numbers from `low` to `high`, one or many."""

    low: int
    high: int

    def __call__(self, draws: Draws) -> int:
        """Draw one."""
        return min(draws.between(self.low, self.high), self.high)

    def many(self, draws: Draws, count: int) -> list[int]:
        """What `count` calls would give."""
        low, high = self.low, self.high
        return [min(low + number, high) for number in draws.many_below(high - low + 1, count)]


def _between(low: int, high: int, *, skewed: bool) -> Callable[[Draws], int]:
    span = high - low
    if not skewed:
        return Evenly(low, high)
    return lambda draws: low + min(int((span + 1) * draws.random() ** 3), span)


def float_drawer(slot: Slot) -> Drawer:
    """Floating-point numbers with few digits, which both sizes hold and print alike."""
    found = magnitude_in(slot)
    digits = min(found.decimals, 4) if slot.kind.name == "float4" else found.decimals
    factor = 10**digits
    draw = _between(round(found.low * factor), round(found.high * factor), skewed=found.skewed)
    return lambda draws: draw(draws) / factor


def bool_drawer(slot: Slot) -> Drawer:
    """True as often as the name lets one expect."""
    share = EVEN
    if _MOSTLY_FALSE.search(slot.name):
        share = SMALL_SHARE
    elif _MOSTLY_TRUE.search(slot.name):
        share = LARGE_SHARE
    return lambda draws: draws.random() < share


NUMBERS: Mapping[str, Callable[[Slot], Drawer]] = {
    **dict.fromkeys((*WHOLE_TYPES, "numeric", "money"), exact_drawer),
    **dict.fromkeys(("float4", "float8"), float_drawer),
    "bool": bool_drawer,
}
"""Drawers of numbers, by the type's name."""
