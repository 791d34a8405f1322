"""Rows counted by parent in a schema with a recipe: our own factories follow the numbers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bundled_databases import load_bundled, one, with_platform
from psycopg.conninfo import make_conninfo

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import UsageError
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.server.endpoint import Endpoint

USERS = 20


def seed(connection: psycopg.Connection, endpoint: Endpoint, rows: dict[str, int | PerParent]) -> SeedReport:
    """Seed the look-alike of MakerKit."""
    if one(connection, "select to_regclass('public.accounts')") is None:
        load_bundled(with_platform(connection, endpoint), "makerkit")
    catalog = introspect(connection)
    names = build_table_map(catalog, "makerkit")
    existing = count_stored(connection, catalog)
    plan = make_plan(catalog, "makerkit", names, SeedRequest(users=USERS, rows=rows), existing=existing)
    conninfo = make_conninfo(connection.info.dsn, password=connection.info.password)
    return seed_database(conninfo, catalog=catalog, table_map=names, plan=plan, owner=endpoint.owner)


def test_recipes_follow_the_numbers(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """Setups of adopted accounts and of teams, business of teams alone, items of what was just made."""
    report = seed(
        empty_database,
        endpoint,
        {
            "setups": PerParent("accounts", 1, 4),
            "invitations": PerParent("accounts", 2, 3),
            "subscriptions": PerParent("accounts", 1, 2),
            "order_items": PerParent("orders", 1, 3),
            "notifications": PerParent("accounts", 0, 2),
        },
    )

    def numbers(child: str, key: str, parent: str = "accounts", where: str = "true") -> tuple[object, ...]:
        return tuple(
            one(
                empty_database,
                f"select {value} from (select count(c.*) as n from {parent} p"  # noqa: S608
                f" left join {child} c on c.{key} = p.id where {where} group by p.id) as counted",
            )
            for value in ("min(n)", "max(n)", "count(*)")
        )

    empty_database.execute("reset role")
    assert numbers("setups", "account_id") == (1, 4, 24)
    assert numbers("notifications", "account_id") == (0, 2, 24)
    assert numbers("invitations", "account_id", where="not p.is_personal_account")[:2] == (2, 3)
    assert numbers("invitations", "account_id", where="p.is_personal_account") == (0, 0, USERS)
    assert numbers("subscriptions", "account_id", where="not p.is_personal_account")[:2] == (1, 2)
    assert numbers("order_items", "order_id", "orders")[:2] == (1, 3)
    assert one(
        empty_database,
        "select bool_and(a.primary_owner_user_id = i.invited_by)"
        " from invitations i join accounts a on a.id = i.account_id",
    )
    assert one(
        empty_database,
        "select bool_and(c.account_id = s.account_id) from subscriptions s"
        " join billing_customers c on c.id = s.billing_customer_id",
    )
    assert all(part.loaded == part.planned and not part.refused for part in report.parts)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"memberships": PerParent("accounts", 1, 5)}, "its rows are made in several parts"),
        ({"accounts": PerParent("users", 1, 5)}, "triggers of auth.users make its rows"),
        ({"identities": PerParent("users", 1, 5)}, "each user has exactly one"),
    ],
)
def test_what_the_recipe_decides_is_refused(
    empty_database: psycopg.Connection, endpoint: Endpoint, asked: dict[str, int | PerParent], said: str
) -> None:
    """The message says who makes the rows."""
    with pytest.raises(UsageError, match=said):
        seed(empty_database, endpoint, asked)
