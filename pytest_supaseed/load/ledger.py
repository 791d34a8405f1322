"""The ledger: which rows a run of `supaseed seed` put into a database of the user's own, and nobody else.

Each writing transaction is REPEATABLE READ. In such a one a row that is visible and newer than its snapshot
was written by that transaction itself, by a trigger or a subtransaction of it included: what others commit
meanwhile is invisible (13.2.2, "Repeatable Read Isolation Level"). `pg_stat_xact_user_tables` says which
tables it inserted into, so that no others are looked at.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg import IsolationLevel, sql
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.interruption import StopSign
from pytest_supaseed.load.judged_rows import CANDIDATES, FEWEST, ROUNDS
from pytest_supaseed.plan.streams import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.load.seeding_place import Place
    from pytest_supaseed.plan.seed_plan import SeedPlan

SCHEMA = "supaseed"
LOCK_CLASS = 1_398_100_036
"""The first half of the advisory lock that a run holds while it goes on; the second is its number."""

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

    def record(self, part: int) -> None:
        """Write down the rows that the open transaction inserted; called before it is committed.

        Args:
            part: the part of the plan that is being loaded.
        """
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            inserted = cursor.execute(ledger_query("inserted_tables")).fetchall()
            for oid, updated in inserted:
                table = self._catalog.by_oid.get(oid)
                if table is not None:
                    self._record(cursor, RowAddress(table), part, updated=bool(updated))

    def _record(self, cursor: psycopg.Cursor[Any], address: RowAddress, part: int, *, updated: bool) -> None:
        statement = sql.SQL(
            "insert into supaseed.rows (run, relation, part, key, digest)"
            " select {run}, {oid}, {part}, {key}, {digest} from only {table} t where {is_ours}"
            " on conflict do nothing{returning}"
        ).format(
            run=self.run,
            oid=sql.Literal(address.table.oid),
            part=sql.Literal(part),
            key=address.key,
            digest=sql.SQL("null") if address.columns else DIGEST,
            table=address.name,
            is_ours=_IS_OURS,
            returning=sql.SQL(" returning key" if updated and address.columns else ""),
        )
        cursor.execute(statement)
        if updated and address.columns:
            self._strike_out(cursor, address, [row[0] for row in cursor])

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

    def mark(  # noqa: PLR0913, PLR0917  # one argument for each column
        self,
        part: int,
        label: str,
        planned: int,
        place: Place,
        known: Mapping[str, Any],
        report: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down how far a part is; in the open transaction, where there is one.

        Args:
            part: its number in the plan.
            label: its name, for people.
            planned: its rows.
            place: how far it is.
            known: what was found out, as `known_json` says it.
            report: what became of it, once it is done.
        """
        self._connection.execute(
            ledger_query("mark"),
            {
                "run": self.run,
                "part": part,
                "label": label,
                "planned": planned,
                "place": Jsonb(asdict(place)),
                "known": Jsonb(known),
                "report": None if report is None else Jsonb(report),
            },
        )

    def finish(self, state: str) -> None:
        """Write down that the run has ended, and, where it will not go on, what each row of it is now.

        Args:
            state: `done`, `failed` or `stopped`.
        """
        with self._connection.transaction(), self._connection.cursor(row_factory=tuple_row) as cursor:
            if state != "stopped":
                self._digest(cursor)
            cursor.execute(
                "update supaseed.runs set state = %s, finished_at = clock_timestamp() where id = %s",
                (state, self.run),
            )
        self._connection.execute("select pg_advisory_unlock(%s, %s)", (LOCK_CLASS, self.run))

    def _digest(self, cursor: psycopg.Cursor[Any]) -> None:
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


class RehearsedLedger(Ledger):
    """The ledger of a run that is rolled back as a whole: written once, at its end, to see that it can be."""

    def record(self, part: int) -> None:
        """Wait for the end."""

    def mark(self, *_place: Any, **_known: Any) -> None:
        """Nobody will go on with the run."""

    def finish(self, state: str) -> None:
        """Write down the rows, where the run came to its end."""
        if state == "done":
            super().record(0)
        self._connection.execute("select pg_advisory_unlock(%s, %s)", (LOCK_CLASS, self.run))


@dataclass(frozen=True)
class LedgerRun:
    """How a run into a database of the user's own goes, and what is written down of it.

    Args:
        asked: what the plan was made of, as plain values, for a run that goes on with it.
        resumes: the number of the run that is gone on with.
        rehearsed: whether all of it is rolled back in the end.
        stop: asks it to stop between two batches.
    """

    asked: Mapping[str, Any] = field(default_factory=dict)
    resumes: int | None = None
    rehearsed: bool = False
    stop: StopSign = field(default_factory=StopSign)


ALONE = LedgerRun()
"""A run that nobody goes on with, and nobody stops."""


def open_ledger(
    connection: psycopg.Connection[Any],
    reading: psycopg.Connection[Any],
    catalog: Catalog,
    plan: SeedPlan,
    wanted: LedgerRun,
) -> Ledger:
    """Begin a run in the database's ledger, which is made where there is none, or go on with one.

    Args:
        connection: writes the rows; its transactions are REPEATABLE READ from now on.
        reading: another connection to the same database.
        catalog: the database's catalog.
        plan: what the run loads.
        wanted: what is written down of it.

    Raises:
        LoadError: another process goes on with that run.
        psycopg.Error: the login may not make the schema `supaseed`.
    """
    for one in (connection, reading):
        print_plainly(one)
    with connection.transaction():
        run = _begun(connection, catalog, plan, wanted) if wanted.resumes is None else wanted.resumes
        _hold(connection, run)
        connection.execute("update supaseed.runs set state = 'running' where id = %s", (run,))
    if wanted.rehearsed:
        return RehearsedLedger(connection, reading, catalog, run)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    return Ledger(connection, reading, catalog, run)


def _hold(connection: psycopg.Connection[Any], run: int) -> None:
    """Hold the run for as long as the connection lasts."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("select pg_try_advisory_lock(%s, %s)", (LOCK_CLASS, run)).fetchone()
    if not (row and row[0]):
        raise LoadError(
            f"Run {run} is still going on, in another process.",
            remedies=["wait for it to end, or press Ctrl-C there"],
        )


def _begun(connection: psycopg.Connection[Any], catalog: Catalog, plan: SeedPlan, wanted: LedgerRun) -> int:
    from importlib.metadata import version

    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(ledger_query("ledger"))
        row = cursor.execute(
            "insert into supaseed.runs (version, seed, users, next_row, parts, digest, asked)"
            " values (%s, %s, %s, %s, %s, %s, %s) returning id",
            (
                version("pytest-supaseed"),
                plan.seed,
                plan.users,
                _next_row(plan),
                len(plan.tables),
                run_digest(plan, catalog),
                Jsonb(wanted.asked),
            ),
        ).fetchone()
    assert row is not None  # noqa: S101  # RETURNING gives the row
    return int(row[0])


def run_digest(plan: SeedPlan, catalog: Catalog) -> str:
    """Return a digest of what a run's rows follow from: plan, schema, factories, and who makes the values."""
    from importlib.metadata import version

    made_by = [f"{one.name} {one.source}" for one in plan.factories]
    makers = [f"{name} {version(name)}" for name in ("pytest-supaseed", "Faker", "factory-boy")]
    text = "\n".join([plan.digest(), catalog.digest(), *made_by, *makers])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


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
