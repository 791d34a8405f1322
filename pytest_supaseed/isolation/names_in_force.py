"""What options mean for one schema: its table map, and the numbers of rows that are asked for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.email_pattern import Addresses
from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import Logins
from pytest_supaseed.mapping.table_map import build_table_map, warn_of_guess
from pytest_supaseed.plan.finite_columns import allowed_values
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.plan.user_strategy import UserRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.mapping.frameworks import Detection
    from pytest_supaseed.mapping.name_lookup import Resolution
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.option_values import PerParent
    from pytest_supaseed.options import Options


def names_in_force(
    catalog: Catalog,
    detection: Detection,
    options: Options,
    *,
    on_guess: Callable[[Resolution], None] = warn_of_guess,
) -> TableMap:
    """Return the table map of a schema under the options.

    Raises:
        MappingError: a configured table or column is not there, is a view, or goes round in a circle.
    """
    return build_table_map(
        catalog,
        detection.framework,
        tables=options.map.tables,
        columns=options.map.columns,
        givers=options.map.givers,
        guessing=not options.exact_names,
        on_guess=on_guess,
    )


def rows_in_force(options: Options, table_map: TableMap) -> Mapping[str, int | PerParent]:
    """Return the rows that are asked for, by table, with those that a `supa-seed.config.json` calls usual.

    What is usual counts only where the schema has the table and nobody says more of it: for each of its
    parents where it refers to them, and otherwise as many in all.

    Raises:
        MappingError: `rows` names an unknown table.
    """
    asked = dict(options.rows)
    if options.original is None:
        return asked
    said = {table_map.resolve(name).oid for name in asked}
    totals = {"users": options.users, **{name: rows for name, rows in asked.items() if isinstance(rows, int)}}
    for name, usual in options.original.usual_rows.items():
        totals.setdefault(name, usual.low * totals.get(usual.table, 0))
        if table_map.has(name) and table_map.resolve(name).oid not in said:
            asked[name] = usual if _refers(table_map, name, usual.table) else totals[name]
    return asked


def request_in_force(options: Options, table_map: TableMap) -> SeedRequest:
    """Return what is asked for, as the plan takes it.

    Raises:
        MappingError: `rows` names an unknown table.
    """
    return SeedRequest(
        options.users,
        options.seed,
        rows_in_force(options, table_map),
        locale=options.locale,
        domain=options.domain,
        logins=Logins(options.password, options.user_kinds, options.personas),
        user_request=_user_request(options),
        listed=categories_in_force(options, table_map),
    )


def categories_in_force(options: Options, table_map: TableMap) -> Mapping[int, Mapping[str, tuple[str, ...]]]:
    """Return the categories that a `supa-seed.config.json` lists, by the table's OID and the column.

    They count where the table has a column `category` of its own values; one that refers to another table has
    the values of that.

    Raises:
        UsageError: the column does not allow one of them.
    """
    found: dict[int, Mapping[str, tuple[str, ...]]] = {}
    original = options.original
    for name, values in () if original is None else original.categories.items():
        if not table_map.has(name):
            continue
        table = table_map.resolve(name)
        column = table.by_name.get(table_map.aliases(name).get("category", "category"))
        if column is None or any(column.name in key.columns for key in table.foreign_keys):
            continue
        allowed = allowed_values(table, column)
        unknown = [value for value in values if allowed is not None and value not in allowed]
        if unknown and original is not None:
            raise UsageError(
                f"tables.{name} in {original.path} lists categories that {table.qualified}.{column.name}"
                f" does not allow: {', '.join(unknown)}.",
                looked_at=[f"it allows {', '.join(map(str, allowed or ()))}"],
                remedies=["correct them there, or leave them out: the schema's own are taken then"],
            )
        found[table.oid] = MappingProxyType({column.name: values})
    return MappingProxyType(found)


def users_in_force(options: Options) -> SeedRequest:
    """Return what is asked for of users, whatever the schema is."""
    return SeedRequest(options.users, options.seed, user_request=_user_request(options))


def _user_request(options: Options) -> UserRequest:
    return UserRequest(
        strategy=options.user_strategy,
        additional=options.additional,
        where=options.existing_users,
        addresses=Addresses(options.email_pattern),
        sources={key: options.source(key) for key in ("additional", "existing_users", "email_pattern")},
    )


def _refers(table_map: TableMap, child: str, parent: str) -> bool:
    if not table_map.has(parent):
        return False
    target = table_map.resolve(parent).oid
    return any(key.target_oid == target for key in table_map.resolve(child).foreign_keys)
