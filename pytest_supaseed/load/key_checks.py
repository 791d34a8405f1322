"""Foreign keys of many rows, checked all at once by a join and not one by one by their triggers.

A key's trigger looks up the parent of each row, and locks it: two thirds of what a child row costs. Here
these triggers are switched off for one transaction, in which the rows are then checked as `ADD CONSTRAINT`
would do it. The constraint itself stays what it is, so that nothing refers to one that was made anew, and
whatever goes wrong undoes the switch. User triggers fire as ever.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.load.seeding import Seeding

WORTH_IT = 5_000
"""Rows from which it is done. From there on it takes half as long as the triggers; for 500 rows, as long."""
_JOINED = frozenset({"uuid", "int2", "int4", "int8"})
"""Types of keys whose equality is the same whatever the search path and the collation are."""


@contextmanager
def keys_checked_at_once(run: Seeding, table: Table, rows: int) -> Iterator[None]:
    """Check the foreign keys of the rows that the block writes when it ends, in the caller's transaction.

    Keys for which that is not sure to be the same, or not quicker, are checked by their triggers as ever.

    Args:
        run: the seeding.
        table: the table that is written.
        rows: how many rows its part has.

    Raises:
        psycopg.errors.ForeignKeyViolation: a row has no parent; it says what a key's trigger would.
    """
    keys = [key for key in table.foreign_keys if _is_joined(run, table, key)]
    if rows < WORTH_IT or not keys or not _may_switch(run, table):
        yield
        return
    names = [key.name for key in keys]
    with _as_superuser(run.connection):
        triggers = _key_triggers(run.connection, table, names)
        _switch(run.connection, table, [trigger for trigger, _ in triggers], sql.SQL("disable"))
    yield
    switched = {key for _, key in triggers}
    with _as_superuser(run.connection):
        _switch(run.connection, table, [trigger for trigger, _ in triggers], sql.SQL("enable"))
        for key in keys:
            if key.name in switched:
                _check(run.connection, table, key, run.catalog.by_oid[key.target_oid])


def _may_switch(run: Seeding, table: Table) -> bool:
    """Whether the triggers can be switched off and on: by a superuser, with nothing left for the end."""
    deferred = (
        any(trigger.is_constraint for trigger in table.triggers)
        or any(key.deferrable for key in table.foreign_keys)
        or any(key.deferrable for key in table.unique_keys)
        or any(exclusion.deferrable for exclusion in table.exclusions)
    )
    ours = run.may_disable_triggers and run.ledger is None and run.sizes.fixed is None
    return ours and table.kind is TableKind.TABLE and not table.is_partition and not deferred


def _is_joined(run: Seeding, table: Table, key: ForeignKey) -> bool:
    """Whether a join finds the same rows as the key's trigger."""
    if not (key.enforced and key.validated) or key.period or (key.match_full and len(key.columns) > 1):
        return False
    target = run.catalog.by_oid[key.target_oid]
    return all(
        table.by_name[mine].type.name == target.by_name[theirs].type.name
        and table.by_name[mine].type.name in _JOINED
        and table.by_name[mine].type.schema == target.by_name[theirs].type.schema == "pg_catalog"
        for mine, theirs in zip(key.columns, key.target_columns, strict=True)
    )


@contextmanager
def _as_superuser(connection: psycopg.Connection) -> Iterator[None]:
    """Take the login's own rights for the block: the triggers of keys are not the owner's to switch."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("select current_setting('role')").fetchone()
    connection.execute("set local role none")
    yield
    connection.execute("select set_config('role', %s, true)", row)


def _key_triggers(connection: psycopg.Connection, table: Table, keys: Sequence[str]) -> list[tuple[str, str]]:
    query = files("pytest_supaseed.load").joinpath("sql", "key_triggers.sql").read_bytes()
    name = sql.Identifier(table.schema, table.name).as_string(connection)
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(query, {"table": name, "keys": list(keys)}).fetchall()


def _switch(connection: psycopg.Connection, table: Table, triggers: Sequence[str], action: sql.SQL) -> None:
    for trigger in triggers:
        connection.execute(
            sql.SQL("alter table only {table} {action} trigger {trigger}").format(
                table=sql.Identifier(table.schema, table.name),
                action=action,
                trigger=sql.Identifier(trigger),
            )
        )


def _check(connection: psycopg.Connection, table: Table, key: ForeignKey, target: Table) -> None:
    """See that each row has its parent, as Postgres sees to it where a key is added to a table."""
    mine = [sql.Identifier("child", name) for name in key.columns]
    theirs = [sql.Identifier("parent", name) for name in key.target_columns]
    statement = sql.SQL(
        "select {values} from only {table} child left join {among} {target} parent on {same}"
        " where {missing} and {complete} limit 1"
    ).format(
        values=sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in mine),
        table=sql.Identifier(table.schema, table.name),
        among=sql.SQL("" if target.kind is TableKind.PARTITIONED else "only"),
        target=sql.Identifier(key.target_schema, key.target_table),
        same=sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(own, other) for own, other in zip(mine, theirs, strict=True)
        ),
        missing=sql.SQL("{} is null").format(theirs[0]),
        complete=sql.SQL(" and ").join(sql.SQL("{} is not null").format(name) for name in mine),
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(statement).fetchone()
    if row is not None:
        _refuse(connection, table, key, row)


def _refuse(connection: psycopg.Connection, table: Table, key: ForeignKey, values: Sequence[str]) -> None:
    """Raise what the key's trigger would have raised, with all that is read out of it."""
    columns, given = ", ".join(key.columns), ", ".join(values)
    said = sql.SQL(
        "begin raise foreign_key_violation using message = {message}, detail = {detail},"
        " schema = {schema}, table = {table}, constraint = {key}; end"
    ).format(
        message=sql.Literal(
            f'insert or update on table "{table.name}" violates foreign key constraint "{key.name}"'
        ),
        detail=sql.Literal(f'Key ({columns})=({given}) is not present in table "{key.target_table}".'),
        schema=sql.Literal(table.schema),
        table=sql.Literal(table.name),
        key=sql.Literal(key.name),
    )
    connection.execute(sql.SQL("do {}").format(sql.Literal(said.as_string(connection))))
