"""Tests of `supaseed doctor --policies`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from commands.looked_at import url_of

if TYPE_CHECKING:
    import psycopg
    from commands.looked_at import Project


def test_policies_are_reviewed(project: Project, filled: psycopg.Connection) -> None:
    """Tables without protection are a failure, and each says how to mend it."""
    result = project.run("doctor", "--policies", url_of(filled), "--json")
    found = {one["subject"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found["public.users"]["fine"] is False
    assert "enable row level security" in found["public.users"]["remedies"][0]
    assert "public.teams" not in found


def test_a_protected_database_is_fine(project: Project, empty_database: psycopg.Connection) -> None:
    """Nothing to point at is said, and the exit code is 0."""
    empty_database.execute(
        "create table notes (id int primary key); alter table notes enable row level security;"
        " create policy reading on notes for select using (id > 0)"
    )
    result = project.run("doctor", "--policies", url_of(empty_database))
    assert (result.exit_code, "nothing to point at" in result.output) == (0, True)


def test_a_database_that_is_not_there(project: Project) -> None:
    """The error is that of the other commands."""
    result = project.run("doctor", "--policies", "postgresql://127.0.0.1:1/nothing")
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr
