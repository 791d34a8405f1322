"""Which users belong to which tenant, told from the foreign keys of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table

_STORED = (TableKind.TABLE, TableKind.PARTITIONED)


def membership_query(catalog: Catalog, users: Table, table: Table, column: str) -> sql.Composed:
    """Return the query of (user, tenant) pairs, both as text, for a table whose rows belong to tenants.

    A tenant is what `column` refers to. Its users are those that a table which joins both says (with a unique
    key over the pair), its owner, and the user who has its key. A column that refers to users makes each user
    a tenant; a table's own key makes each of its rows one.

    Args:
        catalog: the catalog.
        users: the table of users.
        table: the table whose rows belong to tenants.
        column: its column that says to which.

    Raises:
        UsageError: the column refers to nothing, or nothing connects users with what it refers to.
    """
    tenants, own = _tenants(catalog, table, column)
    if tenants.oid == users.oid:
        return _pairs(users, own, own)
    found = [*_joined(catalog, users, tenants, own), *_owned(users, tenants, own)]
    if not found:
        raise _unknown(table, column, f"nothing connects {tenants.qualified} with {users.qualified}")
    return sql.SQL(" union ").join(found)


def _tenants(catalog: Catalog, table: Table, column: str) -> tuple[Table, str]:
    """The table of tenants and its column: what a foreign key refers to, or the table itself by its key."""
    key = next((key for key in table.foreign_keys if key.columns == (column,)), None)
    if key is not None:
        return catalog.by_oid[key.target_oid], key.target_columns[0]
    if key_of(table) == (column,):
        return table, column
    raise _unknown(table, column, "it is no foreign key, and not the table's own key")


def _joined(catalog: Catalog, users: Table, tenants: Table, own: str) -> Iterator[sql.Composed]:
    """Tables with a key to either, and a unique key over the two."""
    for table in catalog.tables:
        if table.kind not in _STORED or table.is_partition:
            continue
        pairs = [
            (to_user.columns[0], to_tenant.columns[0])
            for to_user in _keys_to(table, users)
            for to_tenant in _keys_to(table, tenants)
            if to_tenant.target_columns == (own,)
        ]
        for user, tenant in pairs:
            if any(unique.is_plain and set(unique.columns) == {user, tenant} for unique in table.unique_keys):
                yield _pairs(table, user, tenant)


def _owned(users: Table, tenants: Table, own: str) -> Iterator[sql.Composed]:
    """The tenant's owner, and the user whose key the tenant has."""
    for to_user in _keys_to(tenants, users):
        if to_user.columns[0] == own or "owner" in to_user.columns[0]:
            yield _pairs(tenants, to_user.columns[0], own)
    user_key = key_of(users)
    both = (users.by_name[user_key[0]].type.storage.name, tenants.by_name[own].type.storage.name)
    if len(user_key) == 1 and both == ("uuid", "uuid"):
        yield _of_one_key(users, user_key[0], tenants, own)


def _of_one_key(users: Table, user_key: str, tenants: Table, tenant_key: str) -> sql.Composed:
    query = sql.SQL(
        "select u.{user_key}::text as user_key, t.{tenant_key}::text as tenant"
        " from {users} u join {tenants} t on u.{user_key} = t.{tenant_key}"
    )
    return query.format(
        user_key=sql.Identifier(user_key),
        tenant_key=sql.Identifier(tenant_key),
        users=sql.Identifier(users.schema, users.name),
        tenants=sql.Identifier(tenants.schema, tenants.name),
    )


def _keys_to(table: Table, target: Table) -> list[ForeignKey]:
    return [key for key in table.foreign_keys if key.target_oid == target.oid and len(key.columns) == 1]


def _pairs(table: Table, user: str, tenant: str) -> sql.Composed:
    return sql.SQL("select {}::text as user_key, {}::text as tenant from {}").format(
        sql.Identifier(user), sql.Identifier(tenant), sql.Identifier(table.schema, table.name)
    )


def _unknown(table: Table, column: str, why: str) -> UsageError:
    keys = [
        f"{', '.join(key.columns)} -> {key.target_schema}.{key.target_table}" for key in table.foreign_keys
    ]
    return UsageError(
        f"Which users belong to which {column} of {table.qualified} cannot be told: {why}.",
        looked_at=[f"foreign keys of {table.qualified}: {'; '.join(keys) or 'none'}"],
        remedies=[
            'say it: assert_isolated(..., members="select user_id, tenant_id from {members}")',
            "name the column that refers to the tenants' table",
        ],
    )
