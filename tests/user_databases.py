"""Databases of somebody's own, with users in them, that are seeded beside these and cleaned up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.conninfo import make_conninfo

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES, Addresses, email_pattern
from pytest_supaseed.load.cleanup import Cleanup
from pytest_supaseed.load.database_state import read_state
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.logins import ORDINARY, Logins
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.plan.user_strategy import UserRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.plan.user_strategy import Strategy

HOME_GROWN = """
    create table users (
        id bigint generated always as identity primary key,
        email text not null, name text not null, plan text not null default 'free', last_seen timestamptz
    );
    create unique index users_email on users (lower(email));
    create table profiles (
        user_id bigint primary key references users on delete cascade, handle text not null unique, bio text
    );
    create table topics (id int generated always as identity primary key, label text not null unique);
    create table notes (
        id uuid primary key default gen_random_uuid(),
        owner_id bigint not null references profiles, topic_id int references topics, body text not null
    );
    create table follows (
        follower_id bigint not null references users, followed_id bigint not null references users,
        primary key (follower_id, followed_id)
    );
    insert into users (email, name, plan) values
        ('Ada@Example.com', 'Ada', 'pro'), ('bob.jones.3@example.com', 'Bob', 'free');
    insert into profiles (user_id, handle) select id, lower(name) from users where plan = 'pro';
    insert into topics (label) values ('first'), ('second');
"""
"""Two users, one of whom has a profile, and a list of values."""


@dataclass
class OwnDatabase:
    """A database that is seeded as the command line does it."""

    connection: psycopg.Connection[Any]
    owner: str | None = None

    def plan(  # noqa: PLR0913  # a test says only what it is about
        self,
        users: int,
        strategy: Strategy = "hybrid",
        *,
        seed: str = "s",
        pattern: str | None = None,
        where: Mapping[str, str | None] | None = None,
        additional: int | None = None,
        rows: Mapping[str, int] | None = None,
        logins: Logins = ORDINARY,
    ) -> SeedPlan:
        """The plan beside what is there."""
        self.catalog = introspect(self.connection)
        found = detect(self.catalog).framework
        self.names = build_table_map(self.catalog, found)
        existing = count_stored(self.connection, self.catalog)
        addresses = DEFAULT_ADDRESSES if pattern is None else Addresses(email_pattern(pattern))
        asked = UserRequest(strategy, additional, where or {}, addresses)
        request = SeedRequest(users, seed, rows or {}, user_request=asked, logins=logins)
        state = read_state(self.connection, self.catalog, self.names, request, existing)
        return make_plan(self.catalog, found, self.names, request, existing=existing, state=state)

    def load(self, plan: SeedPlan) -> SeedReport:
        """Load a plan and write down its rows."""
        return seed_database(
            make_conninfo(self.connection.info.dsn, password=self.connection.info.password),
            catalog=self.catalog,
            table_map=self.names,
            plan=plan,
            owner=self.owner,
            recorded=True,
        )

    def seed(self, users: int, strategy: Strategy = "hybrid", **asked: Any) -> SeedReport:
        """Plan and load."""
        return self.load(self.plan(users, strategy, **asked))

    def clean(self) -> None:
        """Remove all that was loaded."""
        self.connection.execute("reset role")
        Cleanup(self.connection, introspect(self.connection)).execute()

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as texts."""
        self.connection.execute("reset role")
        self.connection.execute("set timezone to 'UTC'")
        query = sql.SQL('select t::text from only {} t order by t::text collate "C"')
        return {
            table.qualified: [
                row[0]
                for row in self.connection.execute(query.format(sql.Identifier(table.schema, table.name)))
            ]
            for table in introspect(self.connection).tables
            if table.kind is TableKind.TABLE
        }

    def values(self, query: str) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.connection.execute(query.encode())]

    def one(self, query: str) -> Any:
        """The single value of a query."""
        (found,) = self.values(query)
        return found


def lost(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The rows that were there before and are no longer as they were."""
    left = {name: set(rows) for name, rows in after.items()}
    gone = {name: [row for row in rows if row not in left[name]] for name, rows in before.items()}
    return {name: rows for name, rows in gone.items() if rows}
