"""Tests of what fills whole columns at once: it gives what the same thing done row by row gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.option_values import DOMAINS
from pytest_supaseed.plan.streams import Stream
from pytest_supaseed.rows.business_domains import business_domain
from pytest_supaseed.rows.checked_columns import _passing_values
from pytest_supaseed.rows.entities import PartOfEntity, entity, whole_part
from pytest_supaseed.rows.number_values import Evenly
from pytest_supaseed.rows.people import PARTS as PERSON_PARTS
from pytest_supaseed.rows.people import PERSON
from pytest_supaseed.rows.time_values import past_instant, past_instants, stamp
from pytest_supaseed.rows.words import PARTS as WORD_PARTS
from pytest_supaseed.rows.words import TITLE_KINDS

if TYPE_CHECKING:
    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.business_domains import BusinessDomain
    from pytest_supaseed.rows.entities import Kind, Part

INDICES = range(3, 403)
STREAM = Stream("seed", "things", "", "field")
PARTS = [(f"{name} {place}", part) for name, parts in WORD_PARTS.items() for place, part in enumerate(parts)]


@pytest.mark.parametrize("kind", [PERSON, *TITLE_KINDS.values()], ids=lambda kind: kind.name)
def test_entities_of_a_chunk_are_those_of_its_rows(kind: Kind) -> None:
    """Persons and titles made for a chunk at once are the ones that are made one by one."""
    single, many = STREAM.draws(0), STREAM.draws(0)

    assert kind.whole is not None
    assert list(kind.whole(many, INDICES)) == [kind.make(single, index) for index in INDICES]
    assert many.random() == single.random(), "and both took as much from the stream"


@pytest.mark.parametrize("part", [part for _, part in PARTS], ids=[name for name, _ in PARTS])
def test_texts_of_a_chunk_are_those_of_its_rows(part: Part) -> None:
    """Each text has the same words, whether it is made alone or with those of its chunk."""
    single, many = STREAM.draws(1), STREAM.draws(1)

    assert whole_part(part, INDICES, many) == [part(index, single) for index in INDICES]


@pytest.mark.parametrize("name", PERSON_PARTS)
def test_parts_of_persons_agree(name: str) -> None:
    """Names and addresses too, a person whose name has no letter of ours among them."""
    people = [PERSON.make(STREAM.draws(0), index) for index in INDICES]
    people.append(people[0]._replace(first="李", last="小龙"))
    people.append(people[0]._replace(last="Nguyễn", language="vi"))
    part = PERSON_PARTS[name][0]
    single, many = STREAM.draws(1), STREAM.draws(1)

    assert whole_part(part, people, many) == [part(person, single) for person in people]


def test_a_text_that_does_not_fit_changes_no_other() -> None:
    """Where one text of a chunk is too long, those before it are the same as row by row."""

    class Scope:
        locale = None

        def stream(self, name: str) -> Stream:
            return Stream("seed", "things", "", name)

    class Rows:
        scope, number, indices = Scope(), 0, INDICES

        def draws(self, name: str) -> Draws:
            return self.scope.stream(name).draws(0)

        def shared(self, _owner: object, make: Any) -> Any:
            return make()

    chunk: Any = Rows()
    made = PartOfEntity(entity(PERSON), PERSON_PARTS["email"]).fill(chunk, "email")
    short = PartOfEntity(entity(PERSON), PERSON_PARTS["email"], 30).fill(chunk, "email")

    assert max(map(len, made)) > 30 >= max(map(len, short))  # type: ignore[arg-type]
    assert all(full == fits for full, fits in zip(made, short, strict=True) if len(full) <= 30)  # type: ignore[arg-type]


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_numbers_in_bulk_agree(low: int, span: int) -> None:
    """Whole numbers drawn together are those drawn one by one, within their bounds."""
    draw, single, many = Evenly(low, low + span), STREAM.draws(2), STREAM.draws(2)
    found = draw.many(many, 20)

    assert found == [draw(single) for _ in range(20)]
    assert low <= min(found) <= max(found) <= low + span


@pytest.mark.parametrize("name", ["created at", "birth_date", "hired_on"])
@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
def test_moments_in_bulk_agree(name: str, kind: str) -> None:
    """Moments too, of each type and however long ago they are."""
    end, single, many = datetime(2026, 1, 1, tzinfo=UTC), STREAM.draws(3), STREAM.draws(3)

    assert list(past_instants(many, name, kind, end, 50)) == [
        stamp(kind, past_instant(single, name, end)) for _ in range(50)
    ]


def _replaced(words: BusinessDomain, patterns: tuple[str, ...], draws: Draws) -> str:
    """What `filled` says, as one would write it without taking patterns apart."""
    text = draws.pick(patterns)
    items = [
        name if name[1].isupper() or name[1] == "-" else name[0].lower() + name[1:] for name, *_ in words.gear
    ]
    for slot, stock in (("item", items), ("purpose", words.purposes), ("adjective", words.adjectives)):
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", draws.pick(stock), 1)
    return text[0].upper() + text[1:]


@pytest.mark.parametrize("name", DOMAINS)
def test_patterns_of_domains_are_filled_in_their_order(name: str) -> None:
    """Patterns taken apart once get the words that replacing slot after slot gives."""
    words, single, many = business_domain(name), STREAM.draws(4), STREAM.draws(4)

    for patterns in filter(None, (words.sentences, words.titles, words.captions)):
        assert [words.filled(patterns, many) for _ in range(200)] == [
            _replaced(words, patterns, single) for _ in range(200)
        ]
    percent = ("100% {adjective} {item}, {item}",)
    assert words.filled(percent, many) == _replaced(words, percent, single)


def test_values_are_told_to_pass_by_their_own_type_only() -> None:
    """Values are judged once each where equal ones are the same: not where 1 stands beside True."""

    class Positive:
        def passes(self, row: dict[str, Any]) -> bool:
            return row["n"] is None or row["n"] > 0

    solver: Any = Positive()
    assert _passing_values(solver, {"n": [1, -1, None, 1, 2]}) == {1, 2, None}
    assert _passing_values(solver, {"n": [1, True]}) == ()
    assert _passing_values(solver, {"n": [1.0, 2.0]}) == ()
    assert _passing_values(solver, {"n": [1], "m": [1]}) == ()
