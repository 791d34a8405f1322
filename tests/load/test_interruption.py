"""Ctrl-C in the middle of COPY: the server stops at once, however much it was sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.copy_rows import copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

SLOW = """
    create table slow (id int);
    create function linger() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.01); return new; end $$;
    create trigger linger before insert on slow for each row execute function linger();
"""
ROWS = 20_000
"""So many that the server, at 10 ms each, has minutes to do with what is in its buffers."""


def test_the_server_drops_what_it_was_sent(empty_database: psycopg.Connection) -> None:
    """The connection is usable again within seconds, and nothing is written."""
    empty_database.execute(SLOW)
    table = introspect(empty_database).tables[0]

    def chunks() -> Iterator[list[tuple[object, ...]]]:
        yield [(number,) for number in range(ROWS)]
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), empty_database.transaction():
        copy_rows(empty_database, table, ("id",), chunks(), on_rows=lambda _: None)
    assert time.monotonic() - begun < 10
    assert empty_database.execute("select count(*) from slow").fetchone() == (0,)
