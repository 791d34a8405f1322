"""Parameters of vector indexes are taken out of a statement, and nothing else is."""

from __future__ import annotations

import pytest

from pytest_supaseed.platform.index_parameters import without_search_parameters


@pytest.mark.parametrize(
    "statement",
    [
        "create index on items using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)",
        "CREATE INDEX CONCURRENTLY \"an idx\" ON items\n USING ivfflat (embedding)\n WITH (lists='100');",
        "-- near\n/* and far */ create index if not exists i on t using hnsw (e a_ops)with(m=16) where a > 1",
    ],
)
def test_search_parameters_are_taken_out(statement: str) -> None:
    """The statement keeps its length and its lines, so that positions in messages still hold."""
    cleared = without_search_parameters(statement)
    begin = statement.lower().index("with")
    end = statement.index(")", begin) + 1
    assert cleared == statement[:begin] + " " * (end - begin) + statement[end:]


@pytest.mark.parametrize(
    "statement",
    [
        "create index on items using hnsw (embedding vector_cosine_ops)",
        "create index on items using btree (name) with (fillfactor = 70)",
        "create index on items using hnsw (embedding) with (fillfactor = 70)",
        "insert into notes values ('create index on i using hnsw (e) with (m = 16)')",
        "create table t (id int) with (fillfactor = 70)",
    ],
)
def test_other_statements_stay_as_they_are(statement: str) -> None:
    """Other parameters, other statements, and text that only speaks of it."""
    assert without_search_parameters(statement) == statement
