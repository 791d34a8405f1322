"""Which roles a statement counts on or makes, read from its text."""

from __future__ import annotations

import pytest

from pytest_supaseed.platform.named_roles import altered_role, made_role, named_roles


@pytest.mark.parametrize(
    ("statement", "roles"),
    [
        ('grant select on a, b to x, "Y z" with grant option;', ("x", "Y z")),
        ("grant a, b to c with admin option", ("a", "b", "c")),
        ("grant execute on function f(text) to group g, public", ("g",)),
        ("revoke all on schema public from public, q cascade", ("q",)),
        ("alter table t owner to bob;", ("bob",)),
        ("alter function f(int) owner to current_user", ()),
        ("alter table t rename to owner_of", ()),
        ("create policy p on t for select to anon, me using (x = 'to y') with check (true)", ("anon", "me")),
        ("create policy p on t using (f(x))", ()),
        ("alter policy p on t to me", ("me",)),
        (
            "alter default privileges for role a, b in schema s grant select on tables to c",
            ("a", "b", "c"),
        ),
        ("alter default privileges in schema s revoke all on tables from d", ("d",)),
        ("create schema if not exists s authorization joe", ("joe",)),
        ("set local role r", ("r",)),
        ("/* why */ set role r;", ("r",)),
        ("set search_path to a, b", ()),
        ("create table t (a int)", ()),
        ("select 1", ()),
        ("grant", ()),
    ],
)
def test_roles_that_a_statement_counts_on(statement: str, roles: tuple[str, ...]) -> None:
    """Every role that Postgres would refuse the statement without, and no other name."""
    assert named_roles(statement) == roles


@pytest.mark.parametrize(
    ("statement", "name", "altered"),
    [
        ("create user x with password 'p'", "x", "alter role x with password 'p'"),
        ('CREATE ROLE "A b" NOLOGIN;', "A b", 'alter role "A b" NOLOGIN;'),
        ("create role x", "x", None),
        ("create role x login in role y", "x", None),
        ("create user mapping for x server s", None, None),
        ("create table role (a int)", None, None),
    ],
)
def test_statements_that_make_a_role(statement: str, name: str | None, altered: str | None) -> None:
    """Its name, and what brings one that is there to the same; what `alter role` cannot say is left."""
    assert made_role(statement) == name
    if name is not None:
        assert altered_role(statement) == altered
