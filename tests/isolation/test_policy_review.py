"""Tests of isolation.policy_review: what a reviewer of policies would point at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.isolation.policy_review import calls_for_each_row, review_policies

if TYPE_CHECKING:
    import psycopg

SCHEMA = """
create schema auth;
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create table auth.users (id uuid primary key);
create function public.may_read(uuid) returns boolean language plpgsql as 'begin return true; end';
create function public.is_member(uuid) returns boolean language sql stable as 'select true';
create table public.open_table (id int primary key);
create table public.idle_policy (id int primary key);
create policy unused on public.idle_policy for select using (true);
create table public.locked (id int primary key);
alter table public.locked enable row level security;
create table public.notes (id int primary key, owner_id uuid);
alter table public.notes enable row level security;
create policy reading on public.notes for select using (owner_id = auth.uid());
create policy wrapped on public.notes for select using (owner_id = (select auth.uid()));
create policy slow on public.notes for update using (public.may_read(owner_id));
create policy fine on public.notes for delete using (public.is_member(owner_id));
create policy anyone on public.notes for insert with check (true);
create policy all_read on public.notes for select using (true);
"""


def test_what_is_found(empty_database: psycopg.Connection) -> None:
    """Tables left open, idle policies, rows that anybody may write, calls that each row pays for."""
    empty_database.execute(SCHEMA)
    review = review_policies(introspect(empty_database))
    assert [(found.kind, found.table, found.policy) for found in review] == [
        ("off", "public.idle_policy", ""),
        ("off", "public.open_table", ""),
        ("no policy", "public.locked", ""),
        ("open to write", "public.notes", "anyone"),
        ("volatile call", "public.notes", "slow"),
        ("call per row", "public.notes", "reading"),
    ]
    assert "its 1 policies do nothing" in str(review)
    assert "(select auth.uid())" in review.of("call per row")[0].remedy
    assert review[-1:] == review.of("call per row")


@pytest.mark.parametrize(
    ("expression", "calls"),
    [
        ("(owner_id = auth.uid())", ["auth.uid"]),
        ("(owner_id = ( SELECT auth.uid() AS uid))", []),
        ("(role = ( SELECT (auth.jwt() ->> 'role'::text)))", []),
        ("(EXISTS ( SELECT 1 FROM public.m WHERE (m.user_id = auth.uid())))", ["auth.uid"]),
        ("(note = 'auth.uid()'::text)", []),
        ("((\"my schema\".f(id)) AND ((id)::text = 'it''s ('::text))", ["my schema.f"]),
    ],
)
def test_calls_for_each_row(expression: str, calls: list[str]) -> None:
    """A scalar subquery is computed once for a statement; texts are no calls."""
    assert calls_for_each_row(expression) == calls
