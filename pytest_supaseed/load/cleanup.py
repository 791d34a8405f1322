"""Removes exactly the rows that the ledger has, in one transaction; what others changed or need is kept."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.ledger import DIGEST, RowAddress, ledger_query, print_plainly
from pytest_supaseed.load.quiet_triggers import without_triggers
from pytest_supaseed.plan.dependency_order import order_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table

CHANGED, REFERRED = "changed", "referred"


@dataclass(frozen=True)
class TableDrift:
    """What became of a table's rows since they were seeded.

    Args:
        table: the table, qualified; its number where it is gone.
        seeded: rows that the ledger has.
        unchanged: rows that are as they were: a cleanup deletes these.
        changed: rows that somebody changed.
        referred: rows that rows of others refer to.
        gone: rows that somebody deleted.
        referrers: the tables of those others.
    """

    table: str
    seeded: int
    unchanged: int
    changed: int = 0
    referred: int = 0
    gone: int = 0
    referrers: tuple[str, ...] = field(default=())

    @property
    def kept(self) -> int:
        """Rows that a cleanup without force keeps."""
        return self.changed + self.referred


class Cleanup:
    """Deletes what runs seeded, or says what would be deleted.

    Args:
        connection: an autocommit connection to the database.
        catalog: its catalog.
        run: one run's number; all runs when not given.
        part: one part of that run's plan; all parts when not given.
        force: whether rows that somebody changed are deleted too.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        catalog: Catalog,
        *,
        run: int | None = None,
        part: int | None = None,
        force: bool = False,
    ) -> None:
        self._connection = connection
        self._catalog = catalog
        self._run = {"run": run, "part": part}
        self._force = force

    def drift(self) -> tuple[TableDrift, ...]:
        """Return what became of the rows; nothing is changed."""
        with self._connection.transaction(force_rollback=True):
            return self._found()

    def execute(self) -> tuple[TableDrift, ...]:
        """Delete the rows, all or none, and return what was found.

        Raises:
            psycopg.Error: a table is in use by others, or the login may not delete from it.
        """
        with self._connection.transaction():
            found = self._found(lock=True)
            self._delete()
            with self._connection.cursor() as cursor:
                cursor.execute(ledger_query("forget"), self._run)
                if self._run["part"] is None:
                    cursor.execute(ledger_query("forget_runs"), self._run)
                    self._drop_empty(cursor)
        return found

    def _found(self, *, lock: bool = False) -> tuple[TableDrift, ...]:
        print_plainly(self._connection)
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            seeded: dict[int, int] = dict(cursor.execute(ledger_query("ledger_tables"), self._run).fetchall())
            tables = [self._catalog.by_oid[oid] for oid in seeded if oid in self._catalog.by_oid]
            if lock:
                self._lock(cursor, tables)
            cursor.execute(ledger_query("doomed"))
            for table in tables:
                self._doom(cursor, RowAddress(table))
            # Without these the planner takes the table for a small one, and joins it row by row.
            cursor.execute("create index on supaseed_doomed (relation, place)")
            cursor.execute("analyze supaseed_doomed")
            while self._spare(cursor):
                pass
            return tuple(self._drift(cursor, oid, rows) for oid, rows in seeded.items())

    def _lock(self, cursor: psycopg.Cursor[Any], tables: Sequence[Table]) -> None:
        """Nobody may come to refer to a row while it is decided upon."""
        oids = {table.oid for table in tables}
        referring = [table for table, key in self._keys() if key.target_oid in oids]
        names = {table.oid: RowAddress(table).name for table in (*tables, *referring)}
        if names:
            listed = sql.SQL(", ").join(names.values())
            cursor.execute(sql.SQL("lock table {} in share row exclusive mode").format(listed))

    def _doom(self, cursor: psycopg.Cursor[Any], address: RowAddress) -> None:
        changed = (
            sql.SQL("null::text")
            if self._force
            else sql.SQL("case when r.digest <> {} then {} end").format(DIGEST, sql.Literal(CHANGED))
        )
        keyed = sql.SQL(
            "insert into supaseed_doomed (relation, place, key, kept)"
            " select r.relation, t.ctid, r.key, {changed} from supaseed.rows r join only {table} t"
            " on r.key = {key} where r.relation = {oid} and {run}"
        )
        loose = sql.SQL(
            "insert into supaseed_doomed (relation, place, digest)"
            " select r.relation, t.place, r.digest"
            " from (select *, row_number() over (partition by digest) as number from supaseed.rows r"
            "   where r.relation = {oid} and {run}) r"
            " join (select t.ctid as place, {digest} as digest,"
            "   row_number() over (partition by {digest}) as number from only {table} t) t"
            " on t.digest = r.digest and t.number = r.number"
        )
        cursor.execute(
            (keyed if address.columns else loose).format(
                changed=changed,
                table=address.name,
                key=address.key,
                digest=DIGEST,
                oid=sql.Literal(address.table.oid),
                run=self._of_run,
            )
        )

    @property
    def _of_run(self) -> sql.Composable:
        asked = [
            sql.SQL("{} = {}").format(sql.Identifier("r", name), sql.Literal(value))
            for name, value in self._run.items()
            if value is not None
        ]
        return sql.SQL(" and ").join(asked) if asked else sql.SQL("true")

    def _keys(self) -> Iterator[tuple[Table, ForeignKey]]:
        """All foreign keys; a partition's are its parent's."""
        for table in self._catalog.tables:
            for key in () if table.is_partition else table.foreign_keys:
                yield table, key

    def _spare(self, cursor: psycopg.Cursor[Any]) -> int:
        """Keep what a row that stays refers to; return how many rows were spared."""
        spared = 0
        for table, key in self._keys():
            target = self._catalog.by_oid.get(key.target_oid)
            if target is None:
                continue
            statement = sql.SQL(
                "update supaseed_doomed d set kept = {referred}, referrer = {referrer}"
                " from {target} p, {table} c"
                " where d.kept is null and d.relation = p.tableoid and d.place = p.ctid"
                " and ({columns}) = ({target_columns}) and not exists (select from supaseed_doomed e"
                "  where e.relation = c.tableoid and e.place = c.ctid and e.kept is null)"
            )
            cursor.execute(
                statement.format(
                    referred=sql.Literal(REFERRED),
                    referrer=sql.Literal(table.oid),
                    target=RowAddress(target).name,
                    table=RowAddress(table).name,
                    columns=_columns("c", key.columns),
                    target_columns=_columns("p", key.target_columns),
                )
            )
            spared += cursor.rowcount
        return spared

    def _drift(self, cursor: psycopg.Cursor[Any], oid: int, seeded: int) -> TableDrift:
        counts = dict(
            cursor.execute(
                "select coalesce(kept, ''), count(*) from supaseed_doomed where relation = %s group by 1",
                (oid,),
            ).fetchall()
        )
        referrers = cursor.execute(
            "select distinct referrer::bigint from supaseed_doomed"
            " where relation = %s and referrer is not null",
            (oid,),
        ).fetchall()
        table = self._catalog.by_oid.get(oid)
        return TableDrift(
            table.qualified if table is not None else f"a table that is gone ({oid})",
            seeded,
            counts.get("", 0),
            counts.get(CHANGED, 0),
            counts.get(REFERRED, 0),
            seeded - sum(counts.values()),
            tuple(sorted(self._catalog.by_oid[found].qualified for (found,) in referrers)),
        )

    def _delete(self) -> None:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            oids = cursor.execute(
                "select distinct relation::bigint from supaseed_doomed where kept is null"
            ).fetchall()
            tables = [self._catalog.by_oid[oid] for (oid,) in oids]
            with self._quiet(cursor, tables):
                for table, key in _circular(tables):
                    cursor.execute(_cut(RowAddress(table), key))
                self._delete_from(cursor, [RowAddress(table) for table in tables])

    def _delete_from(self, cursor: psycopg.Cursor[Any], addresses: Sequence[RowAddress]) -> None:
        """Delete in the order that the keys allow, which is found by trying: rounds until nothing is left."""
        refusal: psycopg.Error | None = None
        left = list(addresses)
        while left:
            refused = []
            for address in left:
                try:
                    with self._connection.transaction():
                        cursor.execute(_deletion(address))
                except (psycopg.errors.ForeignKeyViolation, psycopg.errors.RestrictViolation) as error:
                    refusal = error
                    refused.append(address)
            if refusal is not None and len(refused) == len(left):
                raise refusal
            left = refused

    @contextmanager
    def _quiet(self, cursor: psycopg.Cursor[Any], tables: Sequence[Table]) -> Iterator[None]:
        """Triggers off: a row that may not be deleted by itself goes with what it belongs to."""
        row: Any = cursor.execute("select current_setting('is_superuser') = 'on'").fetchone()
        if row[0]:
            cursor.execute("set local session_replication_role = replica")
            yield
            return
        cursor.execute("set constraints all deferred")
        with ExitStack() as stack:
            for table in tables:
                if self._owns(cursor, table):
                    stack.enter_context(without_triggers(self._connection, table, event="delete"))
            yield

    def _owns(self, cursor: psycopg.Cursor[Any], table: Table) -> bool:
        query = "select pg_has_role(relowner, 'usage') from pg_catalog.pg_class where oid = %s"
        row: Any = cursor.execute(query, (table.oid,)).fetchone()
        return bool(row[0])

    def _drop_empty(self, cursor: psycopg.Cursor[Any]) -> None:
        row = cursor.execute("select 1 from supaseed.runs limit 1").fetchone()
        if row is None:
            cursor.execute("drop schema supaseed cascade")


def _circular(tables: Sequence[Table]) -> list[tuple[Table, ForeignKey]]:
    """The nullable keys that close circles."""
    cut = order_tables(tables).cut
    return [(table, key) for table in tables for key in table.foreign_keys if key.oid in cut]


def _cut(address: RowAddress, key: ForeignKey) -> sql.Composed:
    """Let rows that are to go refer to nothing, as far as the key's columns may be NULL."""
    nullable = [name for name in key.columns if not address.table.by_name[name].not_null]
    return sql.SQL(
        "update only {table} t set {nothing} from supaseed_doomed d"
        " where d.relation = {oid} and d.key = {key} and d.kept is null"
    ).format(
        table=address.name,
        nothing=sql.SQL(", ").join(sql.SQL("{} = null").format(sql.Identifier(name)) for name in nullable),
        oid=sql.Literal(address.table.oid),
        key=address.key,
    )


def _deletion(address: RowAddress) -> sql.Composed:
    same = sql.SQL("d.key = {}").format(address.key) if address.columns else sql.SQL("d.place = t.ctid")
    return sql.SQL(
        "delete from only {table} t using supaseed_doomed d"
        " where d.relation = {oid} and {same} and d.kept is null"
    ).format(table=address.name, oid=sql.Literal(address.table.oid), same=same)


def _columns(alias: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)
