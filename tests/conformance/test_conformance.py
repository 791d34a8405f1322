"""Each schema of the conformance suite, seeded with nothing configured and proved by Postgres itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conformance.schema_cases import SchemaCase, schema_cases

from benchmarks.seeded_schema import seed_schema
from pytest_supaseed.isolation.templates import TemplateStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

ROWS = 60
CASES = schema_cases()


@pytest.fixture(scope="module")
def store(endpoint: Endpoint) -> Iterator[TemplateStore]:
    """Where the databases are made."""
    with open_store(endpoint, run="conformance") as store:
        yield store


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_schema_is_seeded_as_promised(store: TemplateStore, case: SchemaCase) -> None:
    """Every table that can hold rows does, every constraint holds, and a second seeding gives the same rows.

    A table that cannot be filled has a reason that names what makes it impossible.
    """
    answers: dict[str, object] = {}

    def look(connection: psycopg.Connection) -> None:
        for query in case.expectations:
            row = connection.execute(query.encode()).fetchone()
            answers[query] = row[0] if row else None

    outcome = seed_schema(store, case.path, rows=ROWS, twice=case.twice, look=look)

    assert outcome.error is None
    assert outcome.violations == []
    assert set(outcome.unfilled) == set(case.impossible), outcome.unfilled
    for table, cause in case.impossible.items():
        assert cause in outcome.unfilled[table]
    for said in case.notes:
        assert any(said in note for note in outcome.notes), outcome.notes
    assert answers == dict.fromkeys(case.expectations, True)
    assert outcome.differing == []


def test_every_schema_makes_a_promise() -> None:
    """A schema says what it is there for."""
    assert CASES
    assert [case.name for case in CASES if not case.promise] == []
