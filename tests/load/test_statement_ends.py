"""Tests of load.statement_ends: for which tables the place where a statement ends would show in the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.statement_ends import StatementEnds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Maker
    from pytest_supaseed.catalog.model import Catalog

SCHEMA = """
    create table plain (id int primary key);
    create table child (id int primary key, plain_id int references plain);
    create table tree (id int primary key, parent int references tree);
    create table late (id int primary key, plain_id int references plain deferrable initially deferred);
    create table swapped (id int, unique (id) deferrable);
    create table cut (id int) partition by range (id);
    create table stamped (id int, at text);
    create table numbered (id int);
    create table dropped (id int);
    create table counted (id int);
    create table heard (id int);
    create table spread (id int);
    create table off (id int);
    create table told (id int);
    create table seen (id int);
    create table back (id int);
    create sequence numbers;
    create function stamp() returns trigger language plpgsql as
        $$ begin new.at := lower(coalesce(new.at, 'now')); return new; end $$; -- insert
    create function number() returns trigger language plpgsql as
        $$ begin new.id := nextval('numbers'); return new; end $$;
    create function drop_it() returns trigger language plpgsql as $$ begin return null; end $$;
    create function count_them() returns trigger language plpgsql as
        $$ begin perform count(*) from counted; return new; end $$;
    create function hear() returns trigger language plpgsql as $$ begin return null; end $$;
    create function tell() returns trigger language plpgsql as
        $$ begin insert into told values (new.id); return new; end $$;
    create function tell_on() returns trigger language plpgsql as
        $$ begin insert into seen select count(*) from plain; return new; end $$;
    create function look() returns trigger language plpgsql as
        $$ begin insert into seen select count(*) from back; return new; end $$;
    create trigger a after insert on back for each row execute function look();
    create trigger a before insert on stamped for each row execute function stamp();
    create trigger a before insert on numbered for each row execute function number();
    create trigger a before insert on dropped for each row execute function drop_it();
    create trigger a before insert on counted for each row execute function count_them();
    create trigger a after insert on heard for each statement execute function hear();
    create trigger a after insert on spread for each row execute function tell();
    create trigger a after insert on told for each row execute function tell_on();
    create trigger a before insert on off for each row execute function number();
    alter table off disable trigger a;
"""


@pytest.fixture(scope="module")
def catalog(maker: Maker) -> Iterator[Catalog]:
    """Tables of every kind."""
    with maker.database("ends") as connection:
        connection.execute(SCHEMA)
        yield introspect(connection)


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("plain", False),
        ("child", False),
        ("tree", True),
        ("late", True),
        ("swapped", True),
        ("cut", True),
        ("stamped", False),
        ("numbered", True),
        ("dropped", True),
        ("counted", True),
        ("heard", True),
        ("spread", True),
        ("told", True),
        ("back", True),
        ("off", False),
    ],
)
def test_what_shows_where_a_statement_ends(catalog: Catalog, table: str, *, shown: bool) -> None:
    """Keys to the own table, late checks, partitions, and triggers that do more than change their row."""
    found = catalog.find("public", table)
    assert found is not None
    assert StatementEnds(catalog).show(found, triggers=True, repeated=True) is shown


def test_a_row_trigger_that_is_never_tried_again(catalog: Catalog) -> None:
    """Of a table whose refused rows end the seeding: it may write elsewhere, unless that looks back."""
    ends = StatementEnds(catalog)
    tables = {table.name: table for table in catalog.tables}
    assert not ends.show(tables["told"], triggers=True, repeated=False)
    assert not ends.show(tables["spread"], triggers=True, repeated=False)
    assert ends.show(tables["back"], triggers=True, repeated=False)
    assert ends.show(tables["heard"], triggers=True, repeated=False)


def test_triggers_that_are_off_show_nothing(catalog: Catalog) -> None:
    """But constraints do."""
    ends = StatementEnds(catalog)
    tables = {table.name: table for table in catalog.tables}
    assert not ends.show(tables["heard"], triggers=False, repeated=True)
    assert ends.show(tables["tree"], triggers=False, repeated=True)


def test_rows_may_change_where_a_trigger_names_their_table(catalog: Catalog) -> None:
    """A trigger of their own, or one of any table that says the name."""
    ends = StatementEnds(catalog)
    changed = {table.name for table in catalog.tables if ends.may_change(table)}
    assert {"stamped", "spread", "told", "seen"} <= changed
    assert not changed & {"child", "tree", "late"}
