"""Tests of server.settled_sessions: what a database or a role sets is for applications, not for us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
from factory_databases import database, session
from psycopg.rows import tuple_row

from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

SCHEMA = """
    create table users (
        id bigint generated always as identity primary key, email text not null unique,
        created_at timestamptz not null default now(), stay interval not null
    );
    create table notes (
        id bigint generated always as identity primary key, user_id bigint not null references users,
        label text not null, written_at timestamptz not null default now()
    );
    create function stamp() returns trigger language plpgsql as $$
    begin new.label := to_char('31.12.2024'::date, 'YYYY'); perform pg_sleep(0.01); return new; end $$;
    create trigger stamp before insert on notes for each row execute function stamp();
    do $$ declare one text; begin
        foreach one in array array[
            'datestyle = ''German''', 'intervalstyle = sql_standard', 'bytea_output = escape',
            'timezone = ''Asia/Kolkata''', 'search_path = pg_catalog, public', 'client_encoding = ''LATIN1''',
            'statement_timeout = 5', 'default_transaction_isolation = serializable', 'role = pg_monitor'
        ]
        loop execute format('alter database %I set %s', current_database(), one); end loop;
    end $$;
"""


def test_a_database_with_settings_of_its_own(endpoint: Endpoint, tmp_path: Path) -> None:
    """Its rows are made, read and put back; a test's session has the settings, and keeps them."""
    with session(endpoint, tmp_path, schema=SCHEMA) as opened:
        with database(opened) as first:
            first.connection.execute("set statement_timeout = 0; set role none")
            assert isinstance(first.users[0].created_at, datetime)
            assert isinstance(first.users[0].stay, timedelta)
            assert {row.label for row in first.rows("notes")} == {"2024"}
            assert first.connection.info.parameter_status("DateStyle") == "German, DMY"
            assert first.connection.info.parameter_status("IntervalStyle") == "sql_standard"
            assert isinstance(first.create("notes").written_at, datetime)
            first.connection.commit()
            notes = first.count("notes")
        with database(opened) as second:
            second.connection.execute("set statement_timeout = 0; set role none")
            assert second.count("notes") == notes - 1
            assert second.name == first.name
        assert opened._lenders.replaced == {}


def test_a_login_with_settings_of_its_own(endpoint: Endpoint) -> None:
    """A role that a login acts as holds in databases of its user's own, and not in ours."""
    info = psycopg.conninfo.make_conninfo(
        endpoint.conninfo(), options="-c role=pg_monitor -c datestyle=SQL,DMY -c statement_timeout=7"
    )
    for own_role, acts_as in ((True, endpoint.user), (False, "pg_monitor")):
        with settled(info, autocommit=False, own_role=own_role) as connection:
            connection.rollback()
            cursor = connection.cursor(row_factory=tuple_row)
            cursor.execute("select current_user, current_setting('statement_timeout')")
            assert cursor.fetchone() == (acts_as, "0")
            assert connection.info.parameter_status("DateStyle") == "ISO, DMY"
