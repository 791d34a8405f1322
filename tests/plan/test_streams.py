"""Tests of plan.streams."""

from __future__ import annotations

import pickle
from dataclasses import replace
from uuid import SafeUUID

from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.plan.streams import Stream

STREAM = Stream("seed", "users", "", "email")


def test_output_is_fixed() -> None:
    """The numbers are ours: no release of Python or of a library may change them (generator version 1)."""
    assert str(STREAM.uuid(0)) == "e8560cde-dc48-42d1-988d-f75a0487e82b"
    assert STREAM.number(41) == 4225774124497729554
    draws = STREAM.draws(3)
    assert [draws.below(1000) for _ in range(2)] == [356, 619]


def test_each_address_has_its_own_stream() -> None:
    """Another seed, table, part, column or index gives other numbers: nothing is correlated by accident."""
    others = [replace(STREAM, **{name: "x"}) for name in ("seed", "table", "part", "column")]

    assert len({stream.number(0) for stream in (STREAM, *others)}) == 5
    assert len({STREAM.number(index) for index in range(1000)}) == 1000


def test_neighbouring_words_do_not_run_together() -> None:
    """("ab", "c") and ("a", "bc") are different addresses."""
    assert Stream("ab", "c", "", "x").number(0) != Stream("a", "bc", "", "x").number(0)


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0, max_value=10**6))
def test_draws_stay_in_their_bounds(bound: int, chunk: int) -> None:
    """below(n) is in 0..n-1 and between(a, b) in a..b, for any bound and chunk."""
    draws = STREAM.draws(chunk)

    assert 0 <= draws.below(bound) < bound
    assert -5 <= draws.between(-5, bound) <= bound


def test_uuids_are_version_four() -> None:
    """Generated UUIDs carry version 4 and the RFC variant, as gen_random_uuid()'s do."""
    found = STREAM.uuid(7)

    assert (found.version, found.variant) == (4, "specified in RFC 4122")


@given(st.lists(st.integers(min_value=-(2**63), max_value=2**63 - 1), max_size=30))
def test_uuids_in_bulk_are_those_one_by_one(indices: list[int]) -> None:
    """`uuids` is `uuid` for each index, and what it gives are ordinary UUIDs: copied, pickled, compared."""
    found = STREAM.uuids(indices)

    assert found == [STREAM.uuid(index) for index in indices]
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own
    assert list(map(repr, found)) == [repr(STREAM.uuid(index)) for index in indices]
    assert {each.is_safe for each in found} <= {SafeUUID.unknown}


@given(st.integers(min_value=1, max_value=10**9), st.integers(min_value=0, max_value=40))
def test_draws_in_bulk_are_those_one_by_one(bound: int, count: int) -> None:
    """Drawing many at once takes the same numbers from the stream, in the same order."""
    words = [str(number) for number in range(min(bound, 50))]
    many, single = STREAM.draws(1), STREAM.draws(1)

    assert many.many_below(bound, count) == [single.below(bound) for _ in range(count)]
    assert many.picks(words, count) == [single.pick(words) for _ in range(count)]
    assert many.many(count) == [single.random() for _ in range(count)]
