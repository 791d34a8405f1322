"""The ledger: which rows a run of `supaseed seed` put into a database of the user's own, and nobody else.

Each writing transaction is REPEATABLE READ. In such a one a row that is visible and newer than its snapshot
was written by that transaction itself, by a trigger or a subtransaction of it included: what others commit
meanwhile is invisible (13.2.2, "Repeatable Read Isolation Level"). `pg_stat_xact_user_tables` says which
tables it inserted into, so that no others are looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg import IsolationLevel, sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.judged_rows import CANDIDATES, FEWEST, ROUNDS
from pytest_supaseed.plan.streams import CHUNK_ROWS

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.seed_plan import SeedPlan

SCHEMA = "supaseed"

DIGEST = sql.SQL("md5((t.*)::text)")
"""The digest of a row of the alias `t`."""

_KEYS_AT_ONCE = 10_000

_IS_OURS = sql.SQL(
    "((t.xmin::text::bigint - pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
    " & 4294967295) < 2147483648"
)
"""Whether a visible row is newer than the transaction's snapshot; ids go round after 32 bits (24.1.5)."""

_LISTED = sql.SQL(
    "(select array(select jsonb_array_elements_text(k)) from jsonb_array_elements({}::jsonb) as k)"
)
"""Keys out of a JSON array: an array of arrays of Postgres is no list of arrays."""


@dataclass(frozen=True)
class RowAddress:
    """How rows of a table are told apart, as SQL over the alias `t`."""

    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table's key; none where it has none."""
        keys = sorted(self.table.unique_keys, key=lambda key: not key.is_primary)
        for key in keys:
            names = tuple(name for name in key.columns if name is not None)
            if key.is_plain and all(self.table.by_name[name].not_null for name in names):
                return names
        return ()

    @property
    def key(self) -> sql.Composable:
        """The key, as an array of texts; NULL where there is none."""
        if not self.columns:
            return sql.SQL("null::text[]")
        parts = [sql.SQL("t.{}::text").format(sql.Identifier(name)) for name in self.columns]
        return sql.SQL("array[{}]").format(sql.SQL(", ").join(parts))

    @property
    def name(self) -> sql.Identifier:
        """The table's name."""
        return sql.Identifier(self.table.schema, self.table.name)


class Ledger:
    """Writes down the rows of one run; made by `open_ledger`.

    Args:
        connection: writes the rows, and the ledger in the same transactions.
        reading: another connection, which sees what is committed.
        catalog: the database's catalog.
        run: the run's number.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        reading: psycopg.Connection[Any],
        catalog: Catalog,
        run: int,
    ) -> None:
        self.run = run
        self.changed: dict[str, int] = {}
        """Rows that were there before and that triggers changed, by table."""
        self._connection = connection
        self._reading = reading
        self._catalog = catalog

    def record(self) -> None:
        """Write down the rows that the open transaction inserted; called before it is committed."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            inserted = cursor.execute(ledger_query("inserted_tables")).fetchall()
            for oid, updated in inserted:
                table = self._catalog.by_oid.get(oid)
                if table is not None:
                    self._record(cursor, RowAddress(table), updated=bool(updated))

    def _record(self, cursor: psycopg.Cursor[Any], address: RowAddress, *, updated: bool) -> None:
        statement = sql.SQL(
            "insert into supaseed.rows (run, relation, key, digest)"
            " select {run}, {oid}, {key}, {digest} from only {table} t where {is_ours}"
            " on conflict do nothing returning key"
        ).format(
            run=self.run,
            oid=sql.Literal(address.table.oid),
            key=address.key,
            digest=sql.SQL("null") if address.columns else DIGEST,
            table=address.name,
            is_ours=_IS_OURS,
        )
        keys = [row[0] for row in cursor.execute(statement)]
        if updated and address.columns:
            self._strike_out(cursor, address, keys)

    def _strike_out(self, cursor: psycopg.Cursor[Any], address: RowAddress, keys: list[list[str]]) -> None:
        """Take out the rows that were there before, and that this transaction only changed."""
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            listed = sql.Literal(json.dumps(keys[start : start + _KEYS_AT_ONCE]))
            with self._reading.cursor(row_factory=tuple_row) as reader:
                query = sql.SQL("select {key} from only {table} t where {key} in {listed}").format(
                    key=address.key, table=address.name, listed=_LISTED.format(listed)
                )
                before = [row[0] for row in reader.execute(query)]
            cursor.execute(
                sql.SQL("delete from supaseed.rows where relation = {} and key in {}").format(
                    sql.Literal(address.table.oid), _LISTED.format(sql.Literal(json.dumps(before)))
                )
            )
            if before:
                name = address.table.qualified
                self.changed[name] = self.changed.get(name, 0) + len(before)

    def finish(self, *, done: bool) -> None:
        """Write down what each row of the run is now, and that the run has ended."""
        with self._connection.transaction(), self._connection.cursor(row_factory=tuple_row) as cursor:
            for (oid,) in cursor.execute(ledger_query("keyed_tables"), {"run": self.run}).fetchall():
                address = RowAddress(self._catalog.by_oid[oid])
                statement = sql.SQL(
                    "update supaseed.rows r set digest = {digest} from only {table} t"
                    " where r.run = {run} and r.relation = {oid} and r.key = {key}"
                )
                cursor.execute(
                    statement.format(
                        digest=DIGEST,
                        table=address.name,
                        run=self.run,
                        oid=sql.Literal(oid),
                        key=address.key,
                    )
                )
            cursor.execute(
                "update supaseed.runs set state = %s, finished_at = clock_timestamp() where id = %s",
                ("done" if done else "failed", self.run),
            )


def open_ledger(
    connection: psycopg.Connection[Any],
    reading: psycopg.Connection[Any],
    catalog: Catalog,
    plan: SeedPlan,
) -> Ledger:
    """Begin a run in the database's ledger, which is made where there is none.

    Args:
        connection: writes the rows; its transactions are REPEATABLE READ from now on.
        reading: another connection to the same database.
        catalog: the database's catalog.
        plan: what the run loads.

    Raises:
        psycopg.Error: the login may not make the schema `supaseed`.
    """
    from importlib.metadata import version

    for one in (connection, reading):
        print_plainly(one)
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(ledger_query("ledger"))
        row = cursor.execute(
            "insert into supaseed.runs (version, seed, users, next_row) values (%s, %s, %s, %s) returning id",
            (version("pytest-supaseed"), plan.seed, plan.users, _next_row(plan)),
        ).fetchone()
    assert row is not None  # noqa: S101  # RETURNING gives the row
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    return Ledger(connection, reading, catalog, row[0])


def _next_row(plan: SeedPlan) -> int:
    """The first index that no row of a plan can have, nor one in place of a refused one; whole chunks."""
    most = max((part.rows for part in plan.tables), default=0)
    chunks = -(-most // CHUNK_ROWS)
    dealt = any(part.children is not None for part in plan.tables)
    tried = ROUNDS * chunks if dealt else -(-max(CANDIDATES * most, FEWEST) // CHUNK_ROWS)
    return plan.first_row + (chunks + tried) * CHUNK_ROWS


def print_plainly(connection: psycopg.Connection[Any]) -> None:
    """Make the settings that a row's text depends on the same in every session."""
    connection.execute(ledger_query("plain_text"))


def has_ledger(connection: psycopg.Connection[Any]) -> bool:
    """Whether a run was ever written down in this database."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("select to_regclass('supaseed.rows') is not null").fetchone()
    return bool(row and row[0])


@cache
def ledger_query(name: str) -> bytes:
    """A query's text; as bytes, since psycopg takes only literal strings as such."""
    return files("pytest_supaseed.load").joinpath("sql", f"{name}.sql").read_bytes()
