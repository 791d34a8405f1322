"""A server that dies while it is sent rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from seeded_schemas import seed_schema

from pytest_supaseed import LoadError
from pytest_supaseed.progress import ProgressEvent, RowsSent
from pytest_supaseed.rows.batches import Batching

if TYPE_CHECKING:
    from collections.abc import Callable

    from cluster_processes import ClusterUser


def test_a_server_that_is_killed_in_the_middle_of_copy(join: Callable[..., ClusterUser]) -> None:
    """`kill -9`: the table, how far it came, that nothing is kept, and where to look."""
    user = join()

    def hear(event: ProgressEvent) -> None:
        if isinstance(event, RowsSent) and event.rows == 3000:
            user.server.kill()

    with psycopg.connect(user.conninfo, autocommit=True) as connection:
        connection.execute("create database dying")
    schema = "create table rows (id int primary key, name text not null);"
    with (
        psycopg.connect(user.conninfo, dbname="dying", autocommit=True) as dying,
        pytest.raises(LoadError, match=r"Seeding ended at table public\.rows \(public\.rows\)") as caught,
    ):
        seed_schema(dying, schema, rows=500_000, batching=Batching(1000), on_event=hear)
    said = str(caught.value)
    assert "of its 500,000 rows were committed" in said
    assert "used only when it is whole" in said
    assert "see in the server's log why it ended" in said
