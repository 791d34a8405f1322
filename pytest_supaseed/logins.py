"""How users log in: their password, and which of them are no ordinary users.

Which user is of which kind is told from the user's number alone. Kinds are dealt out in the order in which
they were asked for, to users who own no team; the first owner and the first member of a team are ordinary.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_PASSWORD = "password123"  # noqa: S105  # every seeded user's, documented: the original tool's default
LONGEST_PASSWORD = 72
"""Bytes; bcrypt looks at no more, and GoTrue refuses a longer one."""

KINDS = (
    "phone",
    "anonymous",
    "sso",
    "unconfirmed",
    "banned",
    "deleted",
    "signed-in",
    "mfa",
    "super-admin",
    "custom-role",
)
"""What a user can be beside an ordinary one, who confirmed an e-mail address and has a password."""
WITH_FACTOR = ("mfa", "super-admin")
"""Kinds with a verified second factor."""
WITH_SESSION = ("signed-in", *WITH_FACTOR)
"""Kinds that are signed in."""
WITHOUT_IDENTITY = ("anonymous",)
"""Kinds that no provider knows."""
CUSTOM_ROLE = "custom-role"
"""The kind, and the role in a team that it has."""

PERSONAS = ("casual", "expert", "creator", "admin", "power")
"""What kind of person a user is, in turn."""

TEAM_SIZE = 5
"""Users of a team, its owner included: one team for each five users."""
_FIRST = 2
"""The number of the first user who can be of a kind: 0 owns the first team, 1 is its member."""
_OTHERS = TEAM_SIZE - 1


def password(text: object) -> str:
    """Return a password that bcrypt and GoTrue take whole.

    Raises:
        ValueError: it is empty, too long, or holds a NUL, at which C libraries end a text.
    """
    if not isinstance(text, str) or not text:
        raise ValueError("it is empty" if text == "" else "")
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    size = len(text.encode())
    if size > LONGEST_PASSWORD:
        raise ValueError(f"it has {size} bytes")
    return text


@dataclass(frozen=True)
class Logins:
    """How the users of one run log in.

    Args:
        password: everybody's.
        kinds: how many users are of each kind, in the order in which the kinds are dealt out.
        personas: whether users are persons of different kinds, in turn.
    """

    password: str = field(default=DEFAULT_PASSWORD, repr=False)
    kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    personas: bool = False

    def __hash__(self) -> int:
        return hash((self.password, tuple(self.kinds.items()), self.personas))

    def kind_at(self, number: int) -> str:
        """The kind of the user of a number; empty for an ordinary one."""
        place = _place(number)
        if place is None or place >= self.special:
            return ""
        return self._names[bisect_left(self._ends, place + 1)]

    def numbers_of(self, *kinds: str) -> list[int]:
        """The numbers of the users of these kinds, ascending."""
        found = []
        for kind, end in zip(self._names, self._ends, strict=True):
            if kind in kinds:
                found += [_number(place) for place in range(end - self.kinds[kind], end)]
        return sorted(found)

    def special_in(self, numbers: range) -> Iterator[tuple[int, str]]:
        """Yield place and kind of each user of a kind among the users of these numbers."""
        for place, number in enumerate(range(numbers.start, min(numbers.stop, self._beyond))):
            kind = self.kind_at(number)
            if kind:
                yield place, kind

    def known_at(self, row: int) -> int:
        """The number of the user whom a row of identities is for: providers do not know everybody."""
        number = row
        for unknown in self._unknown:
            if unknown > number:
                break
            number += 1
        return number

    def persona_at(self, number: int) -> str | None:
        """What kind of person a user is; None where that was not asked for."""
        return PERSONAS[number % len(PERSONAS)] if self.personas else None

    @property
    def special(self) -> int:
        """How many users are of a kind."""
        return self._ends[-1] if self._ends else 0

    def refuse_too_many(self, users: int) -> None:
        """See that there are enough users for the kinds.

        Raises:
            UsageError: there are not.
        """
        room = room_for_kinds(users)
        if self.special <= room:
            return
        raise UsageError(
            f"user-kinds asks for {self.special:,} users, and {users:,} new users have room for {room:,}:"
            " the owners of teams and one member are ordinary users.",
            looked_at=[f"{kind}: {count:,}" for kind, count in self.kinds.items()],
            remedies=[f"ask for more users: users={_number(self.special - 1) + 1}", "or for fewer of a kind"],
        )

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(kind for kind, count in self.kinds.items() if count)

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple(accumulate(self.kinds[kind] for kind in self._names))

    @cached_property
    def _beyond(self) -> int:
        """The first number from which on all users are ordinary."""
        return _number(self.special - 1) + 1 if self.special else 0

    @cached_property
    def _unknown(self) -> list[int]:
        return self.numbers_of(*WITHOUT_IDENTITY)


ORDINARY = Logins()


def room_for_kinds(users: int) -> int:
    """How many of so many users can be of a kind."""
    owners = -(-users // TEAM_SIZE)
    return max(users - owners - 1, 0)


def _number(place: int) -> int:
    """The number of the user at a place among those who can be of a kind: 2, 3, 4, 6, 7, 8, 9, 11, ..."""
    team, seat = divmod(place + _FIRST - 1, _OTHERS)
    return team * TEAM_SIZE + seat + 1


def _place(number: int) -> int | None:
    """The same the other way round; None for those who cannot be of a kind."""
    team, seat = divmod(number, TEAM_SIZE)
    place = team * _OTHERS + seat - 1 - (_FIRST - 1)
    return None if seat == 0 or place < 0 else place
