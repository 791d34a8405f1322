"""Rows that Postgres itself judges: candidates without constraints, of which those that pass are inserted.

This is how checks are satisfied that we do not understand, such as calls of the schema's own functions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.batched_rows import chunks_from
from pytest_supaseed.load.bisection import Patience, keep_good
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.load.dealt_rows import rows_for_empty_places
from pytest_supaseed.load.refusals import Refusal, reason_of
from pytest_supaseed.plan.streams import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.catalog.model import Catalog, Check, Table, Type
    from pytest_supaseed.load.refusals import Refusals
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import TablePlan
    from pytest_supaseed.rows.part_source import PartSource

JUDGE_SECONDS = 5
"""How long a check may take for one batch of candidates: one that sleeps is named, not waited for."""
CANDIDATES = 10
"""Candidates for each planned row: a check that lets one in ten pass is satisfied."""
ROUNDS = 50
"""Candidates for each child of a parent, where rows are counted by parent: another child's candidate
does not help. A check that lets one in ten pass leaves a half of a percent of them empty."""
FEWEST = 500
"""Candidates at the least: with ten planned rows a hundred would be a short search."""
BATCH = 100
"""Candidates judged at once: 50 ms for each within `JUDGE_SECONDS`, a round trip of 1 ms for all."""
CANDIDATE_TABLE = "supaseed_candidates"
_CALL = re.compile(r'(\w+)"?\(')


def opaque_checks(table: Table, catalog: Catalog) -> tuple[str, ...]:
    """The names of a table's checks, its columns' domains included, that call functions of the schema."""
    own = {function.name for function in catalog.functions}
    kinds = [check for column in table.columns for check in _domain_checks(column.type)]
    checks = (*(check for check in table.checks if check.enforced), *kinds)
    return tuple(check.name for check in checks if own & set(_CALL.findall(check.expression)))


def _domain_checks(kind: Type) -> Iterator[Check]:
    found: Type | None = kind
    while found is not None:
        yield from found.checks
        found = found.base


def needs_judge(error: psycopg.Error, table: Table, opaque: Sequence[str]) -> bool:
    """Whether a part that was refused is to be judged: by a check of the table, or by code inside one."""
    if isinstance(error, psycopg.errors.CheckViolation):
        return any(check.name == error.diag.constraint_name for check in table.checks)
    return bool(opaque) and not isinstance(error, psycopg.IntegrityError)


def judge_part(run: Seeding, part: TablePlan, found: Refusals, done: int = 0) -> int:
    """Insert the planned number of rows out of up to ten times as many candidates; return how many passed.

    Args:
        run: the seeding.
        part: the part.
        found: hears of refused rows.
        done: how many of the planned rows, from the first one on, are in the table already.

    Raises:
        LoadError: a check gave no answer in time.
        psycopg.Error: Postgres let us make no table of candidates.
    """
    source = run.sources.source(part)
    if source.deal is not None:
        part = replace(part, rows=source.rows)
    run.judged.add(part.table.oid)
    judge = _Judge(run, part, source.columns, found, done)
    with run.writing(part.table, JUDGE_SECONDS):
        run.connection.execute("set constraints all immediate")
        _make_candidate_table(run.connection, part.table, source.columns)
        for rows in _candidates(run, part, source, done):
            judge.hear(rows)
            run.sent(part.label, judge.passed)
            run.check_memory()
            if judge.passed == part.rows or judge.patience.is_exhausted:
                break
        if not judge.passed:
            judge.explain()
        run.connection.execute(sql.SQL("drop table {}").format(_CANDIDATES))
    return judge.passed


def _candidates(
    run: Seeding, part: TablePlan, source: PartSource, done: int
) -> Iterator[list[tuple[object, ...]]]:
    """The planned rows that are not there yet, then further ones, which begin with a chunk of their own.

    They are judged in the same groups wherever the first one stands: which pass must not depend on it.
    """
    wanted = max(CANDIDATES * part.rows, FEWEST)
    first = -(-part.rows // CHUNK_ROWS) * CHUNK_ROWS
    if source.deal is not None:
        further = rows_for_empty_places(run, source, source.deal, range(1, ROUNDS))
    else:
        beyond = source.beyond(first, wanted - part.rows)
        further = (beyond.chunk(number) for number in beyond.chunk_numbers)
    for begins, rows in chain(chunks_from(source, done), ((0, chunk) for chunk in further)):
        for start in range(-(begins % BATCH), len(rows), BATCH):
            yield rows[max(start, 0) : start + BATCH]


_CANDIDATES = sql.Identifier("pg_temp", CANDIDATE_TABLE)


def _make_candidate_table(connection: psycopg.Connection, table: Table, columns: Sequence[str]) -> None:
    """A copy of the table without its constraints; what we do not write has its default, or is NULL."""
    connection.execute(
        sql.SQL(
            "create temporary table {} (like {} including defaults including generated) on commit drop"
        ).format(_CANDIDATES, sql.Identifier(table.schema, table.name))
    )
    for column in table.columns:
        if column.not_null and column.name not in columns:
            connection.execute(
                sql.SQL("alter table {} alter column {} drop not null").format(
                    _CANDIDATES, sql.Identifier(column.name)
                )
            )


class _Judge:
    """Hears candidates, batch by batch, until as many passed as were planned."""

    def __init__(
        self, run: Seeding, part: TablePlan, columns: Sequence[str], found: Refusals, done: int
    ) -> None:
        self.passed = done
        self.heard = done
        self.patience = Patience()
        self._connection = run.connection
        self._part = part
        self._columns = columns
        self._found = found
        self._checks = [check for check in part.table.checks if check.enforced]
        self._last: Sequence[tuple[object, ...]] = ()

    def hear(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Judge a batch, and insert what passes."""
        self._last = rows
        self.heard += len(rows)
        self._connection.execute(sql.SQL("truncate {}").format(_CANDIDATES))
        keep_good(rows, self._copy, self._found.add, self.patience)
        places = self._places()
        try:
            keep_good(places, self._insert, self._refused, self.patience)
        except psycopg.errors.QueryCanceled as error:
            raise self._unanswered(error) from error

    def _copy(self, rows: Sequence[tuple[object, ...]]) -> int:
        candidates = _named(self._part.table)
        with self._connection.transaction():
            return copy_rows(self._connection, candidates, self._columns, [rows], on_rows=lambda _rows: None)

    def _places(self) -> list[str]:
        query = sql.SQL("select ctid::text from {} order by ctid").format(_CANDIDATES)
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return [place for (place,) in cursor.execute(query).fetchall()]

    def _insert(self, places: Sequence[str]) -> int:
        """Insert those of some candidates that pass; all of them count as heard, be they taken or not."""
        statement = sql.SQL(
            "insert into {table} ({columns}) overriding system value select {columns}"
            " from {candidates} as {alias} where {alias}.ctid = any({places}::tid[]) and {checks}"
            " order by {alias}.ctid limit {missing}"
        ).format(
            table=sql.Identifier(self._part.table.schema, self._part.table.name),
            columns=sql.SQL(", ").join(map(sql.Identifier, self._columns)),
            candidates=_CANDIDATES,
            alias=sql.Identifier(self._part.table.name),
            places=sql.Literal(list(places)),
            checks=sql.SQL(" and ").join([*map(_passes, self._checks), sql.SQL("true")]),
            missing=sql.Literal(self._part.rows - self.passed),
        )
        with self._connection.transaction():
            taken = max(self._connection.execute(statement).rowcount, 0)
        self.passed += taken
        return len(places)

    def _refused(self, place: str, error: psycopg.Error) -> None:
        """Count a candidate on which a check raised, or that another constraint refused."""
        del place
        self._found.add((), error)

    def _unanswered(self, error: psycopg.Error) -> LoadError:
        names = ", ".join(check.name for check in self._checks)
        return LoadError(
            f"no answer within {JUDGE_SECONDS} s for {len(self._last)} rows, from one of its checks"
            f" ({names}) or triggers | {reason_of(error)}"
        )

    def explain(self) -> None:
        """Name the checks that no candidate passed."""
        if self._found.first is not None:
            return
        blind = [check for check in self._checks if not self._is_ever_passed(check)] or self._checks
        texts = "; ".join(f"{check.name}: {check.expression}" for check in blind)
        table = self._part.table.qualified
        self._found.first = Refusal(
            f"none of {self.heard:,} candidate rows passes the check {texts}",
            blind[0].name,
            remedy=f'a TableFactory with Meta.table = "{table}" that declares'
            f' {", ".join(blind[0].columns)}; rows = {{ "{table}" = 0 }} under [tool.supaseed]'
            " leaves the table empty",
            columns=tuple(blind[0].columns),
        )

    def _is_ever_passed(self, check: Check) -> bool:
        query = sql.SQL("select exists (select from {candidates} as {alias} where {check})").format(
            candidates=_CANDIDATES,
            alias=sql.Identifier(self._part.table.name),
            check=_passes(check),
        )
        try:
            with self._connection.transaction(), self._connection.cursor(row_factory=tuple_row) as cursor:
                row = cursor.execute(query).fetchone()
        except psycopg.Error:
            return False  # a check that raises lets nothing pass; its message is the first refusal
        return bool(row and row[0])


def _passes(check: Check) -> sql.Composable:
    """The check as a condition: as in a constraint, NULL passes."""
    return sql.SQL("({}) is not false").format(sql.SQL(check.expression))


def _named(table: Table) -> Table:
    """The table under the candidates' name: its columns and types are the same."""
    return replace(table, schema="pg_temp", name=CANDIDATE_TABLE)
