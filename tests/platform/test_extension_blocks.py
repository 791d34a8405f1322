"""`create extension` inside `do` blocks: what stands in for an extension is heeded there too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from schema_databases import Project, project_in_copy

from pytest_supaseed.platform.extension_blocks import block_extensions, without_extensions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

BLOCK = """do $$
begin
    -- create extension commented;
    if true then
        create extension if not exists
            pg_cron;
    end if;
    execute 'create extension "pg_net" with schema extensions';
end $$"""


@pytest.fixture
def project(endpoint: Endpoint, platform_database: str, tmp_path: Path) -> Iterator[Project]:
    """An empty project with a database of its own."""
    with project_in_copy(endpoint, platform_database, tmp_path) as project:
        yield project


def test_literal_statements_are_found_and_taken_out() -> None:
    """Plain and as the text of an `execute`, not in comments; lines and length stay."""
    found = block_extensions(BLOCK)
    assert [(one.asked.name, one.asked.schema, one.is_quoted) for one in found] == [
        ("pg_cron", None, False),
        ("pg_net", "extensions", True),
    ]
    left = without_extensions(BLOCK, found)
    assert (len(left), left.count("\n")) == (len(BLOCK), BLOCK.count("\n"))
    assert "pg_cron" not in left
    assert block_extensions("select 'create extension x'") == []


def test_a_block_runs_where_something_stands_in(project: Project) -> None:
    """What stands in is there when the block goes on; a block that asks before is not asked for more."""
    project.put(
        a=f"""
            create schema later;
            {BLOCK};
            do $$ begin
                if exists (select from pg_available_extensions where name = 'timescaledb') then
                    create extension timescaledb;
                end if;
            end $$;
            select cron.schedule('nightly', '0 3 * * *', 'select 1');
        """
    )
    run = project.run()
    assert project.rows("select jobname from cron.job") == ["nightly"]
    assert project.rows("select nspname from pg_namespace where nspname = 'later'") == ["later"]
    assert {(decision.name, decision.action) for decision in run.extensions} >= {
        ("pg_cron", "stub"),
        ("pg_net", "stub"),
    }
