"""What rows speak of: the vocabularies of `--supaseed-domain`, read from the package's data files.

A vocabulary says what templates, setups and gear are called, what plans and prices there are, and what people
write. A part that it leaves empty reads as in any table.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import DOMAINS

if TYPE_CHECKING:
    from pytest_supaseed.plan.streams import Draws

    _Pattern = tuple[str, tuple[tuple[int, tuple[str, ...]], ...]]

_SLOT = re.compile(r"\{(item|purpose|adjective)\}")


class Piece(NamedTuple):
    """A piece of gear: its name, its category, and the lowest and highest price in whole units."""

    name: str
    category: str
    low: int
    high: int


@dataclass(frozen=True)
class BusinessDomain:
    """A vocabulary.

    Args:
        name: as in the option: `outdoor`.
        adjectives: what a setup's title begins with.
        purposes: what it ends with.
        templates: names and categories of templates.
        gear: pieces of gear.
        plans: names and prices a month.
        seat: what a seat costs a month.
        prices: what single things in an order cost.
        notifications: what an application tells its people.
        sentences: patterns with `{item}`, `{purpose}` and `{adjective}`.
        titles: the same, of posts.
        captions: the same, of pictures.
        team_fields: what a team's name ends with.
    """

    name: str
    adjectives: tuple[str, ...]
    purposes: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    gear: tuple[Piece, ...]
    plans: tuple[tuple[str, Decimal], ...]
    seat: Decimal
    prices: tuple[Decimal, ...]
    notifications: tuple[str, ...]
    sentences: tuple[str, ...]
    titles: tuple[str, ...]
    captions: tuple[str, ...]
    team_fields: tuple[str, ...]

    @cached_property
    def template_categories(self) -> tuple[str, ...]:
        """The categories of templates, sorted."""
        return tuple(sorted({category for _, category in self.templates}))

    def filled(self, patterns: tuple[str, ...], draws: Draws) -> str:
        """One of the patterns with words of the domain in its places."""
        text, places = self._compiled(patterns)[draws.below(len(patterns))]
        words = [""] * len(places)
        for place, stock in places:
            words[place] = draws.pick(stock)
        found = text % tuple(words)
        return found[0].upper() + found[1:]

    def _compiled(self, patterns: tuple[str, ...]) -> tuple[_Pattern, ...]:
        """The patterns, taken apart once."""
        if patterns not in self._patterns:
            self._patterns[patterns] = tuple(map(self._taken_apart, patterns))
        return self._patterns[patterns]

    def _taken_apart(self, pattern: str) -> _Pattern:
        """A text for `%`, and where each word goes, in the order of drawing: by stock, then by place."""
        stocks = {"item": self._items, "purpose": self.purposes, "adjective": self.adjectives}
        found = _SLOT.findall(pattern)
        places = [
            (place, stock)
            for slot, stock in stocks.items()
            for place, name in enumerate(found)
            if name == slot
        ]
        return _SLOT.sub("%s", pattern.replace("%", "%%")), tuple(places)

    @cached_property
    def _patterns(self) -> dict[tuple[str, ...], tuple[_Pattern, ...]]:
        return {}

    @cached_property
    def _items(self) -> tuple[str, ...]:
        """Names of gear as they stand in the middle of a sentence: abbreviations keep their capitals."""
        names = [piece.name for piece in self.gear]
        return tuple(
            name if name[1].isupper() or name[1] == "-" else name[0].lower() + name[1:] for name in names
        )


@cache
def business_domain(name: str) -> BusinessDomain:
    """Return the vocabulary of a domain.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in DOMAINS:
        raise UsageError(
            f"There is no domain {name!r}.", remedies=[f"write one of {', '.join(DOMAINS)}, or leave it out"]
        )
    text = files("pytest_supaseed.rows.vocabularies").joinpath("domains", f"{name}.toml").read_text("utf-8")
    found = tomllib.loads(text)
    return BusinessDomain(
        name=name,
        templates=tuple((template, category) for template, category in found.pop("templates")),
        gear=tuple(Piece(*piece) for piece in found.pop("gear")),
        plans=tuple((plan, Decimal(price)) for plan, price in found.pop("plans")),
        seat=Decimal(found.pop("seat")),
        prices=tuple(map(Decimal, found.pop("prices"))),
        **{key: tuple(listed) for key, listed in found.items()},
    )
