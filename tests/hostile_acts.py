"""What a test may do to its database, on purpose or by mistake: the acts of isolation/test_hostile_tests.

Those named `superuser_*` log in as the server's superuser, which servers of ours do not give to tests, and a
server that is named may.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.isolation.seeded_database import SeededDatabase

    Act = Callable[["Hostile"], None]

LEFT_OPEN = 100
MINUTE = 60
POLL_SECONDS = 0.005
WRITES = "-c default_transaction_read_only=off"


class Hostile:
    """What a hostile test has in hand.

    Args:
        database: the test's database.
        size: how many of something are made, where an act makes many.
    """

    def __init__(self, database: SeededDatabase, size: int) -> None:
        self.database = database
        self.size = size
        self.threads: list[threading.Thread] = []
        self._left: list[Any] = []

    def owner(self) -> psycopg.Connection[Any]:
        """A connection that the test opens itself, and leaves open; autocommit."""
        return self.leave(psycopg.connect(self.database.conninfo, autocommit=True, options=WRITES))

    def superuser(self) -> psycopg.Connection[Any]:
        """The same, as a superuser."""
        return self.leave(psycopg.connect(self.database.admin_conninfo, autocommit=True, options=WRITES))

    def leave(self, connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
        """Leave a connection open."""
        self._left.append(connection)
        return connection

    @contextmanager
    def outside(self) -> Iterator[psycopg.Connection[Any]]:
        """A superuser's connection to another database."""
        with psycopg.connect(
            self.database.admin_conninfo, dbname="postgres", autocommit=True, row_factory=tuple_row
        ) as found:
            yield found

    def named(self, statement: LiteralString) -> sql.Composed:
        """A statement about the database, by its name."""
        return sql.SQL(statement).format(
            database=sql.Identifier(self.database.name),
            owner=sql.Identifier(self.database._endpoint.owner),
            note=sql.Literal(f"left {self.database.name}"),
        )

    def end(self) -> None:
        """Close what the test left, as its process does in the end."""
        for thread in self.threads:
            thread.join(MINUTE)
            assert not thread.is_alive()
        for one in self._left:
            one.close()


def drops_its_tables(hostile: Hostile) -> None:
    """Drop tables that others depend on."""
    hostile.owner().execute("drop table users cascade; drop table kinds cascade")


def makes_many_tables(hostile: Hostile) -> None:
    """Make hundreds or thousands of tables."""
    hostile.owner().execute(
        sql.SQL(
            "do $$ begin for i in 1..{} loop execute 'create table many_' || i || ' ()'; end loop; end $$"
        ).format(sql.Literal(hostile.size))
    )


def renames_public(hostile: Hostile) -> None:
    """Rename the schema that all tables are in."""
    hostile.superuser().execute("alter schema public rename to elsewhere")


def forbids_connections(hostile: Hostile) -> None:
    """Let nobody connect any more, the keeper that is connected aside."""
    with hostile.outside() as connection:
        connection.execute(hostile.named("alter database {database} allow_connections false"))


def allows_one_connection(hostile: Hostile) -> None:
    """Let no ordinary login connect any more."""
    hostile.owner().execute(hostile.named("alter database {database} connection limit 0"))


def makes_itself_a_template(hostile: Hostile) -> None:
    """Make it a template, which Postgres does not drop."""
    hostile.owner().execute(hostile.named("alter database {database} is_template true"))


def sets_read_only(hostile: Hostile) -> None:
    """Make every later transaction one that writes nothing."""
    hostile.owner().execute(hostile.named("alter database {database} set default_transaction_read_only = on"))


def sets_a_timeout(hostile: Hostile) -> None:
    """End every later statement after a millisecond."""
    hostile.owner().execute(hostile.named("alter database {database} set statement_timeout = 1"))


def sets_a_search_path(hostile: Hostile) -> None:
    """Hide every table from later connections."""
    hostile.owner().execute(hostile.named("alter database {database} set search_path = nowhere"))


def sets_a_role(hostile: Hostile) -> None:
    """Give later connections another role."""
    hostile.owner().execute(hostile.named("alter database {database} set role = pg_monitor"))


def sets_a_timeout_for_its_login(hostile: Hostile) -> None:
    """Set something for one role in this database."""
    hostile.owner().execute(
        hostile.named("alter role {owner} in database {database} set statement_timeout = 1")
    )


def superuser_sets_all_for_everybody(hostile: Hostile) -> None:
    """Set for the database what our own connections depend on."""
    with hostile.outside() as connection:
        for setting in (
            "session_replication_role = 'replica'",
            "default_transaction_read_only = on",
            "statement_timeout = 1",
            "lock_timeout = 1",
            "role = pg_monitor",
            "track_counts = off",
        ):
            connection.execute(hostile.named("alter database {database} set ") + sql.SQL(setting))


def leaves_a_prepared_transaction(hostile: Hostile) -> None:
    """Prepare a transaction, which holds locks and outlives its connection."""
    hostile.owner().execute(
        hostile.named("begin; delete from lines; update kinds set name = name; prepare transaction {note}")
    )


def prepares_and_forbids_connections(hostile: Hostile) -> None:
    """The same, and nobody may connect to roll it back."""
    leaves_a_prepared_transaction(hostile)
    forbids_connections(hostile)


def superuser_leaves_a_slot(hostile: Hostile) -> None:
    """Make a slot of logical replication."""
    hostile.superuser().execute(
        sql.SQL("select pg_create_logical_replication_slot({}, 'pgoutput')").format(
            sql.Literal(f"slot_{hostile.database.name}")
        )
    )


def superuser_reads_a_slot(hostile: Hostile) -> None:
    """Make one, and leave a connection open that reads from it."""
    superuser_leaves_a_slot(hostile)
    hostile.superuser().execute(sql.SQL("create publication everything for all tables"))
    walsender = hostile.leave(
        psycopg.connect(hostile.database.admin_conninfo, replication="database", autocommit=True)
    )
    name = f"slot_{hostile.database.name}"
    walsender.pgconn.send_query(
        f"START_REPLICATION SLOT {name} LOGICAL 0/0"
        " (proto_version '1', publication_names 'everything')".encode()
    )
    with hostile.outside() as connection:
        query = "select active from pg_replication_slots where slot_name = %s"
        while connection.execute(query, (name,)).fetchone() != (True,):
            time.sleep(POLL_SECONDS)


def superuser_reads_a_slot_and_forbids_connections(hostile: Hostile) -> None:
    """The same, and nobody may connect."""
    superuser_reads_a_slot(hostile)
    forbids_connections(hostile)


def locks_every_table(hostile: Hostile) -> None:
    """Hold the strongest lock on each table, in a transaction that is left open."""
    connection = hostile.owner()
    connection.execute("begin; update users set name = 'locked'")
    connection.execute(
        "do $$ declare one text; begin"
        " for one in select oid::regclass::text from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace"
        " loop execute 'lock table ' || one || ' in access exclusive mode'; end loop; end $$"
    )


def superuser_locks_every_table(hostile: Hostile) -> None:
    """The same, the tables of the database's own catalog included."""
    connection = hostile.superuser()
    connection.execute("begin")
    connection.execute(
        "do $$ declare one text; begin"
        " for one in select oid::regclass::text from pg_class where relkind = 'r' and not relisshared"
        " and relnamespace in ('public'::regnamespace, 'pg_catalog'::regnamespace)"
        " loop execute 'lock table ' || one || ' in access exclusive mode'; end loop; end $$"
    )


def runs_on_in_a_thread(hostile: Hostile) -> None:
    """Let a statement run on in a thread, by a connection of `supaseed_db`."""
    _runs_on(hostile, hostile.database.connect(autocommit=True, options=WRITES))


def runs_on_in_a_thread_by_itself(hostile: Hostile) -> None:
    """The same, by a connection of the test's own."""
    _runs_on(hostile, hostile.owner())


def _runs_on(hostile: Hostile, connection: psycopg.Connection[Any]) -> None:
    backend = connection.info.backend_pid

    def work() -> None:
        with suppress(psycopg.Error):
            connection.execute("delete from lines; update users set name = 'running'; select pg_sleep(60)")

    thread = threading.Thread(target=work)
    thread.start()
    hostile.threads.append(thread)
    with hostile.outside() as outside:
        query = "select 1 from pg_stat_activity where pid = %s and wait_event = 'PgSleep'"
        while outside.execute(query, (backend,)).fetchone() is None:
            time.sleep(POLL_SECONDS)


def closes_in_the_middle_of_copy(hostile: Hostile) -> None:
    """Hang up while rows are sent."""
    for connection in (hostile.owner(), hostile.owner()):
        connection.pgconn.exec_(b"copy kinds (name) from stdin")
        connection.pgconn.put_copy_data(b"half\n")
        connection.close()


def leaves_many_connections(hostile: Hostile) -> None:
    """Leave a hundred connections open."""
    for _ in range(LEFT_OPEN):
        hostile.owner()


def exhausts_the_connections(hostile: Hostile) -> None:
    """Leave so many open that no ordinary login gets another."""
    with suppress(psycopg.OperationalError):
        while True:
            hostile.owner()


def superuser_exhausts_the_connections(hostile: Hostile) -> None:
    """Leave so many open that nobody gets another."""
    with suppress(psycopg.OperationalError):
        while True:
            hostile.superuser()


def fills_large_objects(hostile: Hostile) -> None:
    """Make large objects, as an application does."""
    hostile.owner().execute(
        "select lo_from_bytea(0, decode(repeat('00ff', 10000), 'hex')) from generate_series(1, 200)"
    )


def superuser_fills_large_objects_by_hand(hostile: Hostile) -> None:
    """Write into the catalog's tables themselves."""
    hostile.superuser().execute(
        "set allow_system_table_mods = on;"
        " insert into pg_largeobject_metadata values (4711, 10, null);"
        " insert into pg_largeobject select 4711, n, 'x' from generate_series(0, 999) as n"
    )


def superuser_drops_its_own_database(hostile: Hostile) -> None:
    """Drop it, whoever is connected."""
    with hostile.outside() as connection:
        connection.execute(hostile.named("drop database {database} with (force)"))


def superuser_makes_another_of_its_name(hostile: Hostile) -> None:
    """Drop it, and make an empty one of the same name."""
    superuser_drops_its_own_database(hostile)
    with hostile.outside() as connection:
        connection.execute(hostile.named("create database {database}"))


def superuser_renames_its_own_database(hostile: Hostile) -> None:
    """Give it a name that is none of ours."""
    with hostile.outside() as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = %s",
            (hostile.database.name,),
        )
        connection.execute(hostile.named("alter database {database} rename to mine"))


def superuser_ends_everybody_in_its_database(hostile: Hostile) -> None:
    """End every connection to it, ours too."""
    hostile.superuser().execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )


def superuser_ends_everybody(hostile: Hostile) -> None:
    """End every connection to the server, those to the registry too."""
    hostile.superuser().execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where pid <> pg_backend_pid() and backend_type = 'client backend'"
    )


def superuser_switches_triggers_off(hostile: Hostile) -> None:
    """Write what no foreign key allows."""
    hostile.superuser().execute(
        "set session_replication_role = replica; delete from users; insert into lines values (99, 9, 9, 9)"
    )


def superuser_drops_what_we_keep(hostile: Hostile) -> None:
    """Drop the copies that rows are put back from."""
    hostile.superuser().execute("drop schema pg_supaseed cascade; delete from lines")


def superuser_truncates_what_we_keep(hostile: Hostile) -> None:
    """Empty them."""
    hostile.superuser().execute("truncate pg_supaseed.pristine; delete from lines")


def superuser_deletes_what_we_keep(hostile: Hostile) -> None:
    """Empty them row by row."""
    hostile.superuser().execute("delete from pg_supaseed.pristine; delete from lines")


def superuser_forges_what_we_keep(hostile: Hostile) -> None:
    """Change them."""
    hostile.superuser().execute(
        "set session_replication_role = replica; delete from kinds where id < 3;"
        """ update pg_supaseed.pristine set "row" = replace("row", 'a', 'b')"""
    )


def superuser_gives_it_away(hostile: Hostile) -> None:
    """Give it another owner."""
    hostile.superuser().execute(hostile.named("alter database {database} owner to pg_monitor"))


ACTS: tuple[Act, ...] = tuple(
    act
    for name, act in list(globals().items())
    if getattr(act, "__module__", "") == __name__ and name.islower() and not name.startswith("_")
)
