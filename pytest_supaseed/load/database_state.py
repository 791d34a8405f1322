"""Reads what new users have to step around: users that are there, addresses in use, rows of earlier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import UsageError
from pytest_supaseed.load.filtered_rows import condition
from pytest_supaseed.load.ledger import has_ledger
from pytest_supaseed.plan.email_places import email_columns, email_places
from pytest_supaseed.plan.existing_users import USERS, DatabaseState, ExistingUsers, user_rule
from pytest_supaseed.plan.row_filters import RowFilter
from pytest_supaseed.plan.streams import CHUNK_ROWS, Stream
from pytest_supaseed.rows.keys import READ_BACK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Column, Table
    from pytest_supaseed.plan.existing_users import UserRule
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedRequest
    from pytest_supaseed.plan.user_strategy import UserRequest

EXAMPLES = 3
TAKEN_LIMIT = 100_000
"""Addresses without a number that are held in memory: some 10 MB."""
PROBED = 1_000
"""Chunks whose first user is looked for, where no ledger says which were used: a million users."""
WIDER = 10
"""How many rows a table may have for each user, so that what is found of users tells where its rows end."""


def read_state(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    table_map: NameResolver,
    wanted: SeedRequest,
    existing: Mapping[int, int],
) -> DatabaseState:
    """Return what is there; nothing is written.

    Args:
        connection: to the database, as whoever will write into it.
        catalog: its catalog.
        table_map: resolves logical names.
        wanted: what is asked for: users, and the seed, of which an earlier run may have left rows.
        existing: rows of each table, by OID.

    Raises:
        UsageError: the filter names an unknown column; more addresses without a number are in use than can
            be stepped around.
    """
    request = wanted.user_request
    rule = user_rule(catalog, table_map, request.where, source=request.source("existing_users"))
    users = ExistingUsers() if rule is None else _users(connection, rule, existing)
    after, taken, unread = 0, frozenset[str](), []
    for table, column in email_places(catalog, None if rule is None else rule.table):
        if not _is_readable(connection, table):
            unread.append(f"{table.qualified}.{column.name}")
            continue
        after = max(after, _largest_number(connection, table, column, request))
        taken |= _taken(connection, table, column, request)
    _refuse_many(taken, request)
    first_row = _first_row(connection, rule, wanted.seed, after) if users.total else _after_runs(connection)
    return DatabaseState(users, first_row, after, taken, tuple(unread))


def _users(connection: psycopg.Connection[Any], rule: UserRule, existing: Mapping[int, int]) -> ExistingUsers:
    if not existing.get(rule.table.oid):
        return ExistingUsers()
    table = sql.Identifier(rule.table.schema, rule.table.name)
    met, skipped = RowFilter(), []
    for one in rule.conditions:
        outside = sql.SQL("{} and ({}) is not true").format(condition(met), condition(one.where))
        count = _count(connection, table, outside)
        if count:
            skipped.append((one.otherwise, count, _examples(connection, rule.table, outside)))
        met = met.and_also(one.where)
    chosen = condition(rule.chosen)
    return ExistingUsers(
        total=_count(connection, table, sql.SQL("true")),
        chosen=_count(connection, table, chosen),
        free=min(_count(connection, table, condition(rule.free)), READ_BACK_LIMIT),
        examples=_examples(connection, rule.table, chosen),
        skipped=tuple(skipped),
    )


def _count(connection: psycopg.Connection[Any], table: sql.Identifier, where: sql.Composable) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        query = sql.SQL("select count(*) from {} t where {}").format(table, where)
        row: Any = cursor.execute(query).fetchone()
    return int(row[0])


def _examples(connection: psycopg.Connection[Any], table: Table, where: sql.Composable) -> tuple[str, ...]:
    """A few users, by their address, or the first column where they have none."""
    emails = [column.name for column in email_columns(table)]
    shown = sql.Identifier("t", (emails or [table.columns[0].name])[0])
    query = sql.SQL(
        "select {shown}::text from {table} t where {where} and {shown} is not null order by 1 limit {n}"
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            query.format(
                shown=shown,
                table=sql.Identifier(table.schema, table.name),
                where=where,
                n=sql.Literal(EXAMPLES),
            )
        )
        return tuple(value for (value,) in found.fetchall())


def _is_readable(connection: psycopg.Connection[Any], table: Table) -> bool:
    query = (
        "select case when has_schema_privilege(relnamespace, 'usage') then has_table_privilege(oid, 'select')"
        " else false end from pg_catalog.pg_class where oid = %s"
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, (table.oid,)).fetchone()
    return bool(row and row[0])


def _largest_number(
    connection: psycopg.Connection[Any], table: Table, column: Column, request: UserRequest
) -> int:
    """The largest number in addresses of the pattern's look; 0 where there is none."""
    query = sql.SQL("select max(substring(lower({}::text) from {})::bigint) from {}").format(
        sql.Identifier(column.name),
        sql.Literal(request.addresses.pattern.numbered.shape),
        sql.Identifier(table.schema, table.name),
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _taken(
    connection: psycopg.Connection[Any], table: Table, column: Column, request: UserRequest
) -> frozenset[str]:
    """The addresses of the pattern's look, where they hold no number."""
    pattern = request.addresses.pattern
    if pattern.is_numbered:
        return frozenset()
    query = sql.SQL(
        "select distinct lower({email}::text) from {table} where lower({email}::text) ~ {shape} limit {most}"
    ).format(
        email=sql.Identifier(column.name),
        table=sql.Identifier(table.schema, table.name),
        shape=sql.Literal(pattern.shape),
        most=sql.Literal(TAKEN_LIMIT + 1),
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        return frozenset(value for (value,) in cursor.execute(query).fetchall())


def _refuse_many(taken: frozenset[str], request: UserRequest) -> None:
    if len(taken) <= TAKEN_LIMIT:
        return
    pattern = request.addresses.pattern
    raise UsageError(
        f"More than {TAKEN_LIMIT:,} addresses of the look {pattern.text!r} are in use, and hold no number.",
        remedies=[f"add the field {{n}}: {pattern.numbered.text}"],
    )


def _first_row(connection: psycopg.Connection[Any], rule: UserRule | None, seed: str, after: int) -> int:
    """The index of the first row that no run used, as the ledger says.

    Rows of a run may have come without it, by a dump: the ids of users tell, else the numbers in addresses.
    """
    key = None if rule is None else rule.table.primary_key
    name = key.columns[0] if key is not None and len(key.columns) == 1 else None
    if rule is None or name is None or rule.table.by_name[name].type.storage.name != "uuid":
        used = -(-after // CHUNK_ROWS) * CHUNK_ROWS if after < CHUNK_ROWS * PROBED else 0
        return max(used, _after_runs(connection))
    logical = USERS if rule.table.qualified == "auth.users" else rule.table.qualified
    stream = Stream(seed, logical, "", name)
    numbers = {stream.uuid(number * CHUNK_ROWS): number for number in range(PROBED)}
    query = sql.SQL("select {id} from {table} where {id} = any(%s)").format(
        id=sql.Identifier(name), table=sql.Identifier(rule.table.schema, rule.table.name)
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = [numbers[one] for (one,) in cursor.execute(query, (list(numbers),)).fetchall()]
    known = _after_runs(connection)
    return max(known, (max(found) + 1) * CHUNK_ROWS * (1 if known else WIDER)) if found else known


def _after_runs(connection: psycopg.Connection[Any]) -> int:
    """The index after the rows of all runs that the ledger has."""
    if not has_ledger(connection):
        return 0
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("select coalesce(max(next_row), 0) from supaseed.runs").fetchone()
    return int(row[0]) if row else 0
