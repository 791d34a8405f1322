"""Tests of rows.check_solving: what it gives passes, and it seldom gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_domains import ColumnFacts, Role
from pytest_supaseed.rows.check_evaluation import evaluate
from pytest_supaseed.rows.check_parsing import parse_check
from pytest_supaseed.rows.check_solving import Solver

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

FACTS = {
    "a": ColumnFacts("a", "whole", "int4", nullable=True, bits=31),
    "b": ColumnFacts("b", "whole", "int4", nullable=False, bits=31),
    "c": ColumnFacts("c", "numeric", "numeric", nullable=True, precision=10),
    "t": ColumnFacts("t", "text", "text", nullable=True),
    "k": ColumnFacts("k", "enum", "kind", nullable=False, labels=("x", "y", "z")),
    "f": ColumnFacts("f", "bool", "bool", nullable=False),
    "r": ColumnFacts("r", "whole", "int4", Role.FIXED, nullable=False, bits=31),
}
START: dict[str, Any] = {"a": None, "b": 7, "c": None, "t": None, "k": "x", "f": True, "r": 5}


def _solved(text: str, index: int = 0, facts: dict[str, ColumnFacts] = FACTS) -> dict[str, Any] | None:
    return Solver(facts, [parse_check(text)]).solve(START, Draws(index), index, lambda _name: None)


def _conditions() -> SearchStrategy[str]:
    number = st.integers(-5, 20).map(lambda n: f"'{n}'::integer")
    order = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    simple = st.one_of(
        st.builds("({} {} {})".format, st.sampled_from("abcr"), order, number),
        st.builds("({} {} {})".format, st.sampled_from("abc"), order, st.sampled_from("abcr")),
        st.builds("({} IS {}NULL)".format, st.sampled_from("acbt"), st.sampled_from(["", "NOT "])),
        st.builds("(k = '{}'::kind)".format, st.sampled_from("xyz")),
        st.builds("(length(t) {} {})".format, order, st.integers(1, 12)),
        st.sampled_from(["f", "(num_nonnulls(a, c, t) = 1)", "(t ~ '^[a-c]{2,4}$'::text)", "((b % 3) = 1)"]),
        st.builds("((a IS NULL) {} (c IS NULL))".format, st.sampled_from(["=", "<>"])),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.builds("({} AND {})".format, inner, inner),
            st.builds("({} OR {})".format, inner, inner),
            st.builds("(NOT {})".format, inner),
            st.builds("CASE WHEN {} THEN {} ELSE {} END".format, inner, inner, inner),
        ),
        max_leaves=6,
    )


@given(_conditions(), st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_what_is_solved_passes(text: str, index: int) -> None:
    """Whatever the check: a solved row does not fail it, and fixed columns are as they were."""
    found = _solved(text, index)

    if found is not None:
        assert evaluate(parse_check(text), found) in {True, None}
        assert found["r"] == START["r"]
        assert found["b"] is not None


SIMPLE = (
    "(a > 3)", "(a <= 40)", "(b < a)", "(b >= 2)", "(c = 2.5)", "(c < a)", "(t = 'abc'::text)", "f",
    "(length(t) < 9)", "(k = 'y'::kind)", "(k <> 'x'::kind)", "(t IS NOT NULL)", "(b <> 7)",
)  # fmt: skip
"""Conditions that one row meets together."""


def _some_check(draws: Draws, depth: int = 2) -> str:
    """A check of ANDs, ORs and implications over conditions that are met together by one row."""
    if depth == 0 or draws.random() < 0.2:
        return draws.pick(SIMPLE)
    word = draws.pick(["AND", "AND", "OR"])
    other = draws.pick(["", "NOT "]) if word == "OR" else ""
    return f"({_some_check(draws, depth - 1)} {word} ({other}{_some_check(draws, depth - 1)}))"


def test_satisfiable_checks_are_solved() -> None:
    """Of 300 drawn checks that some row satisfies, all are solved."""
    checks = [_some_check(Draws(number), 3) for number in range(300)]

    assert [text for number, text in enumerate(checks) if _solved(text, number) is None] == []


def test_a_contradiction_is_given_up() -> None:
    """A check that no row satisfies gives no row, and ends."""
    assert _solved("((b > 5) AND (b < 5))") is None
    assert _solved("(r = 6)") is None


def test_all_ways_are_gone() -> None:
    """Over many rows each way of a choice occurs: rows are not all alike."""
    text = "(((k = 'y'::kind) AND (a > 100)) OR ((k = 'z'::kind) AND (a < 0)))"

    assert {found["k"] for index in range(30) if (found := _solved(text, index))} == {"y", "z"}


def test_numbers_that_have_to_be_near_each_other_are_solved() -> None:
    """The spread of some columns, and the greatest or least of them, are kept within bounds."""
    texts: dict[str, Callable[[list[Any]], bool]] = {
        "((GREATEST(a, b, c) - LEAST(a, b, c)) <= 10)": lambda some: max(some) - min(some) <= 10,
        "(LEAST(a, b, c) > 50)": lambda some: min(some) > 50,
        "(GREATEST(a, b, c) > 50)": lambda some: max(some) > 50,
        "(NOT (LEAST(a, b, c) > 5))": lambda some: min(some) <= 5,
    }
    for text, holds in texts.items():
        filled = f"((a IS NOT NULL) AND (c IS NOT NULL) AND {text})"
        for index in range(50):
            found = _solved(filled, index)
            assert found is not None
            assert holds([found[name] for name in "abc"]), text


def test_distinct_columns_differ_by_index() -> None:
    """A column of a unique key is given another value in each row, up to the size of its range."""
    facts = {**FACTS, "b": ColumnFacts("b", "whole", "int4", Role.DISTINCT, nullable=False, bits=31)}
    text = "((b >= 100) AND (b < 120))"

    assert len({found["b"] for index in range(20) if (found := _solved(text, index, facts))}) == 20
