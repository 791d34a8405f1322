"""Tests of load.ledger and load.cleanup: what a run put into somebody's own database goes, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.cleanup import Cleanup
from pytest_supaseed.load.ledger import has_ledger
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.load.report import SeedReport

SCHEMA = """
    create table people (
        id uuid primary key default gen_random_uuid(),
        email text not null unique,
        friends int not null default 0
    );
    create table profiles (id uuid primary key references people on delete cascade, nick text);
    create function make_profile() returns trigger language plpgsql as $$
    begin
        begin
            insert into profiles (id, nick) values (new.id, split_part(new.email, '@', 1));
        exception when unique_violation then null;
        end;
        return new;
    end $$;
    create trigger make_profile after insert on people for each row execute function make_profile();

    create table teams (
        id bigint generated always as identity primary key, lead_id bigint, title text not null
    );
    create table members (
        id bigint generated always as identity primary key,
        team_id bigint not null references teams, person_id uuid not null references people
    );
    alter table teams add foreign key (lead_id) references members;
    create function keep_members() returns trigger language plpgsql as
        $$ begin raise exception 'members stay'; end $$;
    create trigger keep_members before delete on members for each row execute function keep_members();

    create table log (at timestamptz not null, line text not null);
    create table visits (
        person_id uuid not null references people, day date not null, primary key (person_id, day)
    ) partition by range (day);
    create table visits_all partition of visits default;
"""
THERE_BEFORE = """
    insert into people (email) values ('ada@example.com'), ('bob@example.com');
    insert into log values (now(), 'begun'), (now(), 'begun');
"""


@pytest.fixture
def database(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, with rows."""
    empty_database.execute(SCHEMA)
    empty_database.execute(THERE_BEFORE)
    return empty_database


def conninfo(connection: psycopg.Connection) -> str:
    """How to connect to the same database with the same login."""
    return make_conninfo(connection.info.dsn, password=connection.info.password)


def seed(
    connection: psycopg.Connection, *, on_event: Callable[[object], None] | None = None, seed: str = "x"
) -> SeedReport:
    """Seed it as the command line does."""
    catalog = introspect(connection)
    existing = {oid: rows for oid, rows in count_stored(connection, catalog).items() if rows}
    request = SeedRequest(12, seed, dict.fromkeys(("people", "teams", "members", "log", "visits"), 12))
    plan = make_plan(catalog, "postgres", Names(catalog), request, existing=existing)
    extra: dict[str, Any] = {} if on_event is None else {"on_event": on_event}
    return seed_database(
        conninfo(connection), catalog=catalog, table_map=Names(catalog), plan=plan, recorded=True, **extra
    )


def contents(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Every row of every table, as texts."""
    found = {}
    for table in own_tables(introspect(connection)):
        query = sql.SQL("select t::text from only {} t order by 1").format(sql.Identifier(table))
        found[table] = [row[0] for row in connection.execute(query)]
    return found


def own_tables(catalog: Catalog) -> list[str]:
    """The tables with rows of their own."""
    return [table.name for table in catalog.tables if table.kind is TableKind.TABLE]


def clean(connection: psycopg.Connection, **options: Any) -> dict[str, tuple[int, int, int, int]]:
    """Clean up; by table: rows deleted, changed, referred to and gone."""
    found = Cleanup(connection, introspect(connection), **options).execute()
    return {drift.table: (drift.unchanged, drift.changed, drift.referred, drift.gone) for drift in found}


def test_everything_goes_and_nothing_else(database: psycopg.Connection) -> None:
    """Rows of triggers, of circles, without keys, in partitions, and those that a trigger guards."""
    before = contents(database)
    report = seed(database)
    assert has_ledger(database)
    assert all(part.loaded for part in report.parts)
    seeded = contents(database)
    assert len(seeded["profiles"]) == len(seeded["people"]) > len(before["people"])
    found = clean(database)
    assert contents(database) == before
    assert not has_ledger(database)
    assert found["public.members"] == (12, 0, 0, 0)
    assert found["public.visits_all"][0] == len(seeded["visits_all"])


def test_runs_are_told_apart(database: psycopg.Connection) -> None:
    """One run's rows go, and another's stay, with what they refer to."""
    seed(database)
    after_first = contents(database)
    seed(database, seed="y")
    clean(database, run=2)
    assert contents(database) == after_first
    assert has_ledger(database)


def seeded_visitors(connection: psycopg.Connection) -> list[Any]:
    """Two people of ours, the first of whom has a visit; those who were there before have random keys."""
    query = (
        "select p.id from people p where p.email not in ('ada@example.com', 'bob@example.com')"
        " order by not exists (select from visits v where v.person_id = p.id), p.email limit 2"
    )
    return [row[0] for row in connection.execute(query)]


def test_what_somebody_changed_is_kept(database: psycopg.Connection) -> None:
    """With what it refers to, and said; with force it goes too."""
    before = contents(database)
    seed(database)
    visitor, other = seeded_visitors(database)
    database.execute(
        "update visits set day = day + 10000 where (person_id, day) ="
        " (select person_id, day from visits where person_id = %s limit 1)",
        (visitor,),
    )
    database.execute("update profiles set nick = 'mine' where id = %s", (other,))
    database.execute("delete from log where line <> 'begun'")
    drift = {one.table: one for one in Cleanup(database, introspect(database)).drift()}
    assert (drift["public.profiles"].changed, drift["public.people"].referred) == (1, 2)
    assert drift["public.people"].referrers == ("public.profiles", "public.visits")
    assert (drift["public.log"].gone, drift["public.visits_all"].gone) == (12, 1)
    clean(database)
    left = contents(database)
    assert len(left["profiles"]) == len(before["profiles"]) + 1
    assert not left["members"]
    clean(database, force=True)
    after = contents(database)
    assert after["profiles"] == before["profiles"]
    assert len(after["people"]) == len(before["people"]) + 1  # the moved visit is nobody's of ours any more


def test_rows_of_others_keep_what_they_refer_to(database: psycopg.Connection) -> None:
    """Through several tables: a member of theirs keeps our person and our team."""
    seed(database)
    database.execute(
        "insert into members (team_id, person_id) select t.id, p.id from teams t, people p"
        " where p.email not in ('ada@example.com', 'bob@example.com') limit 1"
    )
    found = clean(database)
    spared = {table: counts[2] for table, counts in found.items() if counts[2]}
    assert {"public.teams", "public.people"} <= spared.keys()
    left = contents(database)
    assert len(left["members"]) == 1 + spared.get("public.members", 0)
    assert len(left["people"]) == 2 + spared["public.people"] < 14
    dangling = database.execute(
        "select count(*) from members m left join teams t on t.id = m.team_id"
        " left join people p on p.id = m.person_id where t.id is null or p.id is null"
    ).fetchone()
    assert dangling == (0,)


def test_rows_that_others_write_meanwhile_are_not_ours(database: psycopg.Connection) -> None:
    """What is committed by another connection while rows are loaded is not in the ledger."""
    with psycopg.connect(conninfo(database), autocommit=True) as other:

        def write(_event: object) -> None:
            other.execute("insert into people (email) values (gen_random_uuid() || '@example.org')")

        seed(database, on_event=write)
    clean(database)
    emails = [row[0] for row in database.execute("select email from people where email like '%@example.org'")]
    assert len(emails) > 1


def test_rows_that_triggers_change_are_said_and_kept(database: psycopg.Connection) -> None:
    """A row that was there before is not deleted because a trigger of ours counted in it."""
    database.execute(
        """
        create function count_friend() returns trigger language plpgsql as $$
        begin update people set friends = friends + 1 where email = 'ada@example.com'; return new; end $$;
        create trigger count_friend after insert on profiles for each row execute function count_friend();
        """
    )
    report = seed(database)
    assert any("public.people: 1 rows that were there before" in note for note in report.notes), report.notes
    clean(database)
    left = {row[0] for row in database.execute("select email from people")}
    assert left == {"ada@example.com", "bob@example.com"}


def test_many_rows_take_seconds(empty_database: psycopg.Connection) -> None:
    """What rows of others refer to is found by joins: twice the rows take twice as long, not four times."""
    empty_database.execute(
        """
        create table parents (id int primary key);
        create table children (id int primary key, parent_id int not null references parents);
        """
    )
    catalog = introspect(empty_database)
    plan = make_plan(catalog, "postgres", Names(catalog), SeedRequest(1, "x"))
    seed_database(
        conninfo(empty_database), catalog=catalog, table_map=Names(catalog), plan=plan, recorded=True
    )
    empty_database.execute("insert into parents select generate_series(1000, 40000)")
    empty_database.execute("insert into children select id, id from parents where id >= 1000")
    empty_database.execute(
        "insert into supaseed.rows (run, relation, part, key) select 1, tableoid, 0, array[id::text]"
        " from (select tableoid, id from parents union all select tableoid, id from children) rows"
        " where id >= 1000"
    )
    empty_database.execute("analyze")
    empty_database.execute("set statement_timeout = '10s'")
    assert {one.table: one.unchanged for one in Cleanup(empty_database, catalog).drift()} == {
        "public.children": 39_002,
        "public.parents": 39_002,
    }
