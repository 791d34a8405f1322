"""Tests of load.key_checks: a join finds what the triggers of keys would, and keys stay what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from seeded_schemas import seed_schema

from pytest_supaseed.load import key_checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seeded_schemas import SeededSchema

FAMILY = """
    create table parents (id uuid primary key, number int not null unique);
    create table children (
        id bigint generated always as identity primary key,
        parent_id uuid not null references parents,
        friend_number int references parents (number),
        name text not null
    );
"""
STRAY = """
    create function stray() returns trigger language plpgsql as $$
    begin
        if new.name like '%a%' then new.friend_number := -7; end if;
        return new;
    end $$;
    create trigger stray before insert on children for each row execute function stray();
"""
STATE = """
    select json_agg(json_build_array(k.oid, k.conname, k.convalidated, t.tgtype, t.tgenabled)
        order by k.conname, t.tgtype)
    from pg_constraint k join pg_trigger t on t.tgconstraint = k.oid where k.contype = 'f'
"""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    """The names of the triggers that were switched, in a world in which a few rows are worth it."""
    seen: list[str] = []
    switch = key_checks._switch

    def noted(connection: psycopg.Connection, table: object, triggers: Sequence[str], action: object) -> None:
        seen.extend(triggers)
        switch(connection, table, triggers, action)  # type: ignore[arg-type]

    monkeypatch.setattr(key_checks, "WORTH_IT", 10)
    monkeypatch.setattr(key_checks, "_switch", noted)
    return seen


def _reasons(seeded: SeededSchema) -> list[tuple[str, int, str]]:
    return [(part.table, part.loaded, part.note) for part in seeded.report.parts]


def test_keys_hold_and_are_what_they_were(
    statements: Sequence[str], empty_database: psycopg.Connection
) -> None:
    """All rows have their parents, and triggers and constraints are the same ones, switched on."""
    seeded = seed_schema(empty_database, FAMILY, rows=0)
    before = seeded.one(STATE)
    empty_database.execute("drop schema public cascade; create schema public")
    seeded = seed_schema(empty_database, FAMILY, rows=1500)

    assert len(statements) == 4, "two keys, off and on"
    assert seeded.loaded() == {"parents": 1500, "children": 1500}
    assert seeded.dangling() == {}
    assert [state[1:] for state in seeded.one(STATE)] == [state[1:] for state in before]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        empty_database.execute("insert into children (parent_id, name) values (gen_random_uuid(), 'x')")


def test_same_rows_as_with_triggers(
    statements: Sequence[str],
    empty_database: psycopg.Connection,
    another_database: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows that lost their parent are found, refused and replaced as they are where triggers look."""
    joined = seed_schema(empty_database, FAMILY + STRAY, rows=300)
    assert statements
    monkeypatch.setattr(key_checks, "WORTH_IT", 10**9)
    triggered = seed_schema(another_database, FAMILY + STRAY, rows=300)

    assert joined.digest() == triggered.digest()
    assert _reasons(joined) == _reasons(triggered)
    assert joined.dangling() == {}
    refused = next(part for part in joined.report.parts if part.table == "children").note
    assert "children_friend_number_fkey" in refused


def test_what_is_said_is_what_postgres_says(empty_database: psycopg.Connection) -> None:
    """The error is Postgres's own in every part that is read out of it."""
    empty_database.execute(FAMILY)
    key = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as theirs:
        empty_database.execute("insert into children (parent_id, name) values (%s, 'x')", (key,))
    seeded = seed_schema(empty_database, "create table other (id int primary key)", rows=1)
    children = seeded.catalog.find("public", "children")
    assert children is not None
    reference = next(one for one in children.foreign_keys if one.columns == ("parent_id",))
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as ours:
        key_checks._refuse(empty_database, children, reference, (key,))

    for name in (
        "sqlstate",
        "message_primary",
        "message_detail",
        "schema_name",
        "table_name",
        "constraint_name",
    ):
        assert getattr(ours.value.diag, name) == getattr(theirs.value.diag, name), name


def _triggers_of_parent_key(seeded: SeededSchema) -> list[str]:
    return seeded.one(  # type: ignore[no-any-return]
        "select json_agg(t.tgname) from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint"
        " where k.conname = 'children_parent_id_fkey'"
    )


@pytest.mark.parametrize(
    "change",
    [
        "alter table children alter constraint children_parent_id_fkey deferrable",
        """
        alter table children drop constraint children_parent_id_fkey;
        alter table children add foreign key (parent_id) references parents not valid
        """,
    ],
    ids=["deferrable", "never validated"],
)
def test_other_keys_are_left_to_their_triggers(
    statements: Sequence[str], empty_database: psycopg.Connection, change: str
) -> None:
    """Where the moment of the check shows, or rows of before may break the key, nothing is switched."""
    seeded = seed_schema(empty_database, f"{FAMILY} {change};", rows=50)
    others = [
        name for name in statements if "deferrable" in change or name in _triggers_of_parent_key(seeded)
    ]

    assert not others
    assert seeded.loaded()["children"] == 50
    assert seeded.dangling() == {}


def test_keys_of_text_are_left_to_their_triggers(
    statements: Sequence[str], empty_database: psycopg.Connection
) -> None:
    """What is equal among texts is a matter of collations, of which a join may know less."""
    seeded = seed_schema(
        empty_database,
        "create table kinds (code text primary key);"
        " create table things (id int primary key, kind text not null references kinds);",
        rows=50,
    )

    assert not statements
    assert seeded.dangling() == {}
