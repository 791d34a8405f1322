"""Rows counted by parent, in real databases: each parent has its number of children, come what may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from seeded_schemas import SeededSchema, seed_schema

from pytest_supaseed.option_values import PerParent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

USERS = "create table users (id uuid primary key, email text not null unique);"


@dataclass(frozen=True)
class Children:
    """How many children parents have."""

    least: int
    most: int
    parents: int
    different: int
    """How many different numbers there are."""


def children(
    seeded: SeededSchema, child: str, parent: str, *, on: str = "c.user_id = p.id", where: str = "true"
) -> Children:
    """Count the children of each parent."""
    row = seeded.connection.execute(
        f"""
        select min(number), max(number), count(*), count(distinct number) from (
            select p.ctid, count(c.*) as number from {parent} p left join {child} c on {on}
            where {where} group by p.ctid
        ) as counted
        """.encode()  # noqa: S608  # names that stand in this file
    ).fetchone()
    assert row is not None
    return Children(*row)


def seed(
    connection: psycopg.Connection, schema: str, *, rows: int = 40, exact: Mapping[str, Any], **said: Any
) -> SeededSchema:
    """Seed a schema whose rows are asked for, and see that no key dangles."""
    seeded = seed_schema(connection, schema, rows=rows, exact=exact, **said)
    assert seeded.dangling() == {}
    return seeded


def test_each_parent_has_its_children(empty_database: psycopg.Connection) -> None:
    """One to five setups per user, and not the same number for all."""
    seeded = seed(
        empty_database,
        USERS + "create table setups (id serial primary key, user_id uuid not null references users);",
        exact={"setups": PerParent("users", 1, 5)},
    )

    found = children(seeded, "setups", "users")
    assert (found.least, found.most, found.parents) == (1, 5, 40)
    assert found.different == 5
    assert (
        seeded.part("setups").planned
        == seeded.part("setups").loaded
        == seeded.one("select count(*) from setups")
    )


def test_a_fixed_number_and_none_at_all(empty_database: psycopg.Connection) -> None:
    """A number for all, a least number of none, a nullable key, and tables counted in a chain."""
    seeded = seed(
        empty_database,
        USERS
        + """create table a (id serial primary key, user_id uuid references users);
        create table b (id serial primary key, a_id int not null references a);
        create table c (id serial primary key, user_id uuid not null references users);""",
        exact={"a": PerParent("users", 3, 3), "b": PerParent("a", 2, 4), "c": PerParent("users", 0, 1)},
    )

    assert children(seeded, "a", "users") == Children(3, 3, 40, 1)
    found = children(seeded, "b", "a", on="c.a_id = p.id")
    assert (found.least, found.most, found.parents) == (2, 4, 120)
    assert children(seeded, "c", "users") == Children(0, 1, 40, 2)


def test_composite_keys_and_those_that_share_columns(empty_database: psycopg.Connection) -> None:
    """By a composite key, by the shared part of one, and with other keys of the row that have to agree."""
    seeded = seed(
        empty_database,
        """create table tenants (id serial primary key);
        create table customers (tenant_id int references tenants, id int, primary key (tenant_id, id));
        create table orders (
            tenant_id int not null references tenants, id int, customer_id int not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, customer_id) references customers
        );
        create table notes (
            id serial primary key, tenant_id int not null, order_id int not null, customer_id int not null,
            foreign key (tenant_id, order_id) references orders,
            foreign key (tenant_id, customer_id) references customers
        );
        create table links (
            tenant_id int, order_id int, customer_id int, primary key (tenant_id, order_id, customer_id),
            foreign key (tenant_id, order_id) references orders,
            foreign key (tenant_id, customer_id) references customers
        );""",
        exact={
            "customers": PerParent("tenants", 2, 4),
            "orders": PerParent("customers", 1, 3),
            "notes": PerParent("orders", 1, 3),
            "links": PerParent("orders", 1, 2),
        },
    )

    composite = "(c.tenant_id, c.order_id) = (p.tenant_id, p.id)"
    found = children(seeded, "customers", "tenants", on="c.tenant_id = p.id")
    assert (found.least, found.most) == (2, 4)
    found = children(seeded, "orders", "customers", on="(c.tenant_id, c.customer_id) = (p.tenant_id, p.id)")
    assert (found.least, found.most) == (1, 3)
    found = children(seeded, "notes", "orders", on=composite)
    assert (found.least, found.most) == (1, 3)
    found = children(seeded, "links", "orders", on=composite)
    assert (found.least, found.most) == (1, 2)
    assert all(part.refused == 0 for part in seeded.report.parts)


def test_other_unique_keys_hold(empty_database: psycopg.Connection) -> None:
    """A parent gets no more children than its unique key leaves room for, all different."""
    seeded = seed(
        empty_database,
        USERS
        + """create type kind as enum ('a', 'b', 'c');
        create table teams (id serial primary key);
        create table memberships (
            user_id uuid references users, team_id int references teams, primary key (user_id, team_id)
        );
        create table settings (
            id serial primary key, user_id uuid not null references users, kind kind not null,
            unique (user_id, kind)
        );
        create table profiles (id serial primary key, user_id uuid not null unique references users);
        create table drafts (
            id serial primary key, user_id uuid not null references users, kind kind, unique (user_id, kind)
        );
        create table pages (
            id serial primary key, user_id uuid not null references users, is_main bool not null
        );
        create unique index on pages (user_id) where is_main;""",
        exact={
            "memberships": PerParent("users", 2, 5),
            "settings": PerParent("users", 2, 5),
            "profiles": PerParent("users", 0, 5),
            "drafts": PerParent("users", 5, 5),
            "pages": PerParent("users", 3, 3),
        },
    )

    assert children(seeded, "memberships", "users") == Children(2, 5, 40, 4)
    assert children(seeded, "settings", "users") == Children(2, 3, 40, 2)
    assert children(seeded, "profiles", "users") == Children(0, 1, 40, 2)
    assert children(seeded, "drafts", "users") == Children(5, 5, 40, 1)
    assert children(seeded, "pages", "users") == Children(3, 3, 40, 1)
    assert all(part.refused == 0 and part.loaded == part.planned for part in seeded.report.parts)
    assert any("no more than 3 per users" in note for note in seeded.report.notes)


def test_a_table_that_holds_fewer_has_fewer_for_each(empty_database: psycopg.Connection) -> None:
    """Where another key leaves room for 50 rows, each user keeps one; none goes without."""
    seeded = seed(
        empty_database,
        USERS
        + """create table rooms (id serial primary key);
        create table keys (
            id serial primary key, user_id uuid not null references users,
            room_id int not null unique references rooms
        );""",
        exact={"keys": PerParent("users", 1, 4), "rooms": 50},
    )

    assert children(seeded, "keys", "users") == Children(1, 1, 40, 1)


def test_rows_of_migrations_and_of_triggers_are_parents_too(empty_database: psycopg.Connection) -> None:
    """Whoever made a parent, it gets its children: a migration, a trigger, the plan."""
    seeded = seed(
        empty_database,
        """create table users (id uuid primary key default gen_random_uuid(), email text not null unique);
        create table profiles (id serial primary key, user_id uuid not null references users);
        create table posts (id serial primary key, user_id uuid not null references users);
        create table likes (id serial primary key, profile_id int not null references profiles);
        insert into users (email) values ('a@example.com'), ('b@example.com'), ('c@example.com');
        create function add_profiles() returns trigger language plpgsql as $$
        begin insert into profiles (user_id) values (new.id), (new.id); return new; end $$;
        create trigger adds after insert on users for each row execute function add_profiles();""",
        exact={"users": 30, "posts": PerParent("users", 1, 3), "likes": PerParent("profiles", 1, 2)},
    )

    assert children(seeded, "posts", "users") == Children(1, 3, 33, 3)
    assert children(seeded, "likes", "profiles", on="c.profile_id = p.id") == Children(1, 2, 60, 2)


REFUSING = """
    create table posts (
        id serial primary key, user_id uuid not null references users, title text not null
    );
    create function refuses() returns trigger language plpgsql as $$
    begin
        if new.id % 7 = 3 then {what} end if;
        return new;
    end $$;
    create trigger refuses before insert on posts for each row execute function refuses();
"""


@pytest.mark.parametrize("what", ["raise exception 'no';", "return null;"])
def test_refused_and_dropped_children_are_replaced(empty_database: psycopg.Connection, what: str) -> None:
    """A child that is refused, or that a trigger drops, is made by another row of the same parent."""
    seeded = seed(
        empty_database,
        USERS + REFUSING.format(what=what),
        exact={"posts": PerParent("users", 2, 4)},
    )

    assert children(seeded, "posts", "users") == Children(2, 4, 40, 3)


SETTINGS = """
    create table settings (id serial primary key, user_id uuid not null references users);
    create function add_one() returns trigger language plpgsql as $$
    begin insert into settings (user_id) values (new.id); return new; end $$;
    create trigger adds after insert on users for each row execute function add_one();
"""


def test_children_that_a_trigger_makes_count(empty_database: psycopg.Connection) -> None:
    """A user's first setting comes from a trigger: the others are made up to its number."""
    seeded = seed(empty_database, USERS + SETTINGS, exact={"settings": PerParent("users", 2, 3)})

    assert children(seeded, "settings", "users") == Children(2, 3, 40, 2)


def test_judged_children_keep_to_their_parents(empty_database: psycopg.Connection) -> None:
    """A check that only Postgres understands decides which candidates stay, not how many each parent has."""
    seeded = seed(
        empty_database,
        USERS
        + """create function fits(n int) returns bool language plpgsql immutable as
            $$ begin return n % 3 = 1; end $$;
        create table posts (
            id serial primary key, user_id uuid not null references users, n int not null check (fits(n))
        );""",
        exact={"posts": PerParent("users", 1, 3)},
    )

    assert children(seeded, "posts", "users") == Children(1, 3, 40, 3)


def test_a_check_never_takes_the_parent_away(empty_database: psycopg.Connection) -> None:
    """Of owners of which exactly one is set, it is the one that rows are counted by."""
    seeded = seed(
        empty_database,
        USERS
        + """create table teams (id serial primary key);
        create table files (
            id serial primary key, user_id uuid references users, team_id int references teams,
            check (num_nonnulls(user_id, team_id) = 1)
        );""",
        exact={"files": PerParent("users", 1, 3)},
    )

    assert children(seeded, "files", "users") == Children(1, 3, 40, 3)


def test_the_key_that_is_named_counts(empty_database: psycopg.Connection) -> None:
    """Of several keys to one parent the named one; else the only one that every row needs."""
    schema = (
        USERS
        + """create table messages (
            id serial primary key, sender_id uuid not null references users, reader_id uuid references users
        );"""
    )
    seeded = seed(empty_database, schema, exact={"messages": PerParent("users", 2, 2, "reader_id")})
    assert children(seeded, "messages", "users", on="c.reader_id = p.id") == Children(2, 2, 40, 1)
    assert children(seeded, "messages", "users", on="c.sender_id = p.id").different > 1


def test_a_key_that_would_close_a_circle_is_not_left_for_later(empty_database: psycopg.Connection) -> None:
    """The children's key stays, and the circle is opened at the other one."""
    seeded = seed(
        empty_database,
        """create table teams (id serial primary key, captain_id int);
        create table players (id serial primary key, team_id int references teams);
        alter table teams add foreign key (captain_id) references players;""",
        exact={"players": PerParent("teams", 1, 3)},
    )

    assert children(seeded, "players", "teams", on="c.team_id = p.id") == Children(1, 3, 40, 3)


def test_two_runs_give_the_same_rows(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Numbers and rows follow from the seed."""
    schema = (
        USERS
        + "create table setups (id serial primary key, user_id uuid not null references users, title text);"
    )
    digests = [
        seed(connection, schema, exact={"setups": PerParent("users", 0, 5)}).digest()
        for connection in (empty_database, another_database)
    ]

    assert digests[0] == digests[1]
