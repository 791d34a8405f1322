"""Users' e-mail addresses: made by the pattern that is in force, and beside those that are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.email_pattern import DEFAULT_PATTERN, LONGEST
from pytest_supaseed.plan.recipes import TEAM_SIZE
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.chunk import Chunk
from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.people import PersonPart
from pytest_supaseed.rows.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.email_pattern import EmailPattern


class EmailAddress(ColumnDeclaration):
    """The address of the row's person, which no other user has.

    A pattern without a number gets one where an address is in use already, by a row before it or by somebody
    who was there: rows before it are made again to know, so that any chunk can be made alone.

    Args:
        longest: characters that the column holds.
        named: whether the row's fields `first_name` and `last_name` say who it is; its person otherwise.
    """

    def __init__(self, longest: int | None = None, *, named: bool = True) -> None:
        super().__init__()
        self.longest = min(longest or LONGEST, LONGEST)
        self.named = named
        self.first = PersonPart("first_name")
        self.last = PersonPart("last_name")

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        addresses = chunk.scope.addresses
        if addresses.pattern.text == DEFAULT_PATTERN and self.longest == LONGEST:
            return list(self._usual(chunk))
        if addresses.pattern.is_numbered:
            return list(self._made(chunk, addresses.pattern))
        taken = set(addresses.taken)
        for number in range(chunk.scope.base // CHUNK_ROWS, chunk.number):
            start = max(number * CHUNK_ROWS, chunk.scope.base)
            earlier = Chunk(chunk.scope, number, start, (number + 1) * CHUNK_ROWS - start)
            taken.update(self._made(earlier, addresses.pattern))
        numbered = self._made(chunk, addresses.pattern.numbered)
        found = []
        for bare, with_number in zip(self._made(chunk, addresses.pattern), numbered, strict=True):
            found.append(with_number if bare in taken else bare)
            taken.add(bare)
        return found

    def _usual(self, chunk: Chunk) -> Iterator[str]:
        """By the default pattern: a million of them in little more than a second."""
        number = chunk.scope.addresses.after + 1 + chunk.positions.start
        for position, (first, last) in enumerate(self._people(chunk)):
            address = f"{first}.{last}.{number + position}@example.com"
            yield (
                address
                if len(address) <= _USUALLY_FITS
                else self._one(
                    chunk.scope.addresses.pattern, chunk, (first, last), chunk.positions.start + position
                )
            )

    def _made(self, chunk: Chunk, pattern: EmailPattern) -> Iterator[str]:
        for people, position in zip(self._people(chunk), chunk.positions, strict=True):
            yield self._one(pattern, chunk, people, position)

    def _one(self, pattern: EmailPattern, chunk: Chunk, person: tuple[str, str], position: int) -> str:
        values = {
            "first": person[0],
            "last": person[1],
            "n": str(chunk.scope.addresses.after + 1 + position),
            "seed": slugify(chunk.scope.seed, "") or "seed",
            "persona": chunk.scope.logins.persona_at(position) or _in_team(position),
            "team": str(position // TEAM_SIZE + 1),
        }
        return pattern.address(values, self.longest)

    def _people(self, chunk: Chunk) -> Iterator[tuple[str, str]]:
        """First and last name of each row, as plain letters."""
        named = self.named and chunk.has("first_name") and chunk.has("last_name")
        firsts = chunk.column("first_name") if named else self.first.fill(chunk, "first_name")
        lasts = chunk.column("last_name") if named else self.last.fill(chunk, "last_name")
        for first, last in zip(firsts, lasts, strict=True):
            yield _plain(first), _plain(last)


def _in_team(position: int) -> str:
    """What a user is where there are no personas: the first one of each team owns it."""
    return "member" if position % TEAM_SIZE else "owner"


_USUALLY_FITS = 64
"""Characters of a whole address below which its mailbox cannot be too long."""


def _plain(name: object) -> str:
    return slugify(str(cast("Any", name) or ""), "") or "user"
