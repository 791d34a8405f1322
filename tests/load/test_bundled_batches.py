"""MakerKit in batches of any size: users, whose triggers make accounts, and all that belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bundled_databases import load_bundled, one, with_platform
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.progress import BatchCommitted
from pytest_supaseed.rows.batches import Batching

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from conftest import Maker
    from pytest_supaseed.progress import ProgressEvent


def test_makerkit_is_the_same_whatever_the_batches_are(maker: Maker) -> None:
    """Byte-identical tables for batches of 1, 7, 50, 1000 rows and as fits."""
    digests = {}
    for size in (1, 7, 50, 1000, None):
        with maker.database(f"makerkit_{size}") as connection:
            events: list[ProgressEvent] = []
            digests[size] = _seeded(maker, connection, size, events.append)
            if size == 7:
                cut = {event.label for event in events if isinstance(event, BatchCommitted)}
                assert "users" in cut
                assert one(connection, "select count(distinct xmin::text) from auth.users") == 9
    assert all(found == digests[None] for found in digests.values()), digests


def _seeded(
    maker: Maker, connection: psycopg.Connection, size: int | None, on_event: Callable[[ProgressEvent], None]
) -> dict[str, Any]:
    """Seed 60 users and return the bytes of each table."""
    load_bundled(with_platform(connection, maker.endpoint), "makerkit")
    catalog = introspect(connection)
    names = build_table_map(catalog, detect(catalog).framework)
    plan = make_plan(
        catalog, "makerkit", names, SeedRequest(users=60), existing=count_stored(connection, catalog)
    )
    seed_database(
        make_conninfo(connection.info.dsn, password=connection.info.password),
        catalog=catalog,
        table_map=names,
        plan=plan,
        owner=maker.endpoint.owner,
        batching=Batching(size),
        on_event=on_event,
    )
    connection.execute("reset role")
    query = sql.SQL("""select md5(string_agg(t::text, ';' order by t::text collate "C")) from {} t""")
    return {
        table.qualified: one(
            connection, query.format(sql.Identifier(table.schema, table.name)).as_string(connection)
        )
        for table in catalog.tables
        if table.kind is TableKind.TABLE and table.schema in {"public", "auth", "storage"}
    }
