"""Tests of logins: passwords that are taken whole, and who is of which kind."""

from __future__ import annotations

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import KINDS, PERSONAS, TEAM_SIZE, Logins, password, room_for_kinds


@pytest.mark.parametrize("text", ["a", "correct horse", "é" * 36, "x" * 72])
def test_a_password_that_bcrypt_sees_whole_is_taken(text: str) -> None:
    """Up to 72 bytes, whatever the characters."""
    assert password(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "it is empty"), ("x" * 73, "73 bytes"), ("é" * 37, "74 bytes"), ("a\0b", "a NUL"), (7, "^$")],
)
def test_a_password_that_would_be_cut_is_refused(text: object, why: str) -> None:
    """What bcrypt would cut or GoTrue refuse is refused here, with the reason."""
    with pytest.raises(ValueError, match=why):
        password(text)


def test_owners_and_the_first_member_are_ordinary() -> None:
    """However many users are of a kind, each team has an ordinary owner, and the first one a member."""
    logins = Logins(kinds={"banned": 20, "mfa": 11})
    numbers = logins.numbers_of("banned", "mfa")

    assert len(numbers) == len(set(numbers)) == 31
    assert 1 not in numbers
    assert [number for number in numbers if number % TEAM_SIZE == 0] == []
    assert numbers == [number for number in range(numbers[-1] + 1) if number != 1 and number % TEAM_SIZE]


def test_a_kind_is_told_from_the_number_alone() -> None:
    """Kinds are dealt out in the order in which they were asked for, and each number knows its own."""
    logins = Logins(kinds={"phone": 2, "sso": 0, "deleted": 3})

    assert logins.numbers_of("phone") == [2, 3]
    assert logins.numbers_of("deleted") == [4, 6, 7]
    assert [logins.kind_at(number) for number in range(9)] == [
        "", "", "phone", "phone", "deleted", "", "deleted", "deleted", "",
    ]  # fmt: skip
    assert list(logins.special_in(range(3, 7))) == [(0, "phone"), (1, "deleted"), (3, "deleted")]
    assert list(Logins().special_in(range(10_000_000))) == []


@pytest.mark.parametrize("users", [1, 2, 3, 5, 6, 10, 50])
def test_there_is_room_for_as_many_as_are_not_ordinary(users: int) -> None:
    """All of the room can be asked for and lies among the users; one more is an error that says how many."""
    room = room_for_kinds(users)
    full = Logins(kinds={"banned": room})
    full.refuse_too_many(users)

    assert all(number < users for number in full.numbers_of("banned"))
    more = Logins(kinds={"banned": room + 1})
    with pytest.raises(UsageError, match="have room for") as caught:
        more.refuse_too_many(users)
    needed = more.numbers_of("banned")[-1] + 1
    assert f"users={needed}" in str(caught.value)
    more.refuse_too_many(needed)


def test_identities_pass_over_who_is_anonymous() -> None:
    """Rows of identities are for everybody else, in order."""
    logins = Logins(kinds={"anonymous": 3, "phone": 1})

    assert [logins.known_at(row) for row in range(6)] == [0, 1, 5, 6, 7, 8]


def test_personas_come_in_turn_where_they_are_asked_for() -> None:
    """Five kinds of persons; none where nobody asked."""
    assert [Logins(personas=True).persona_at(number) for number in range(6)] == [*PERSONAS, PERSONAS[0]]
    assert Logins().persona_at(0) is None


def test_a_password_is_not_shown() -> None:
    """Neither the repr of what was asked for nor a failing comparison shows it."""
    assert "sesame" not in repr(Logins("sesame", dict.fromkeys(KINDS, 1)))
