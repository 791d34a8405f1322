"""Through a pooler in transaction mode, what reads serves, and leaves nothing in the sessions of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from commands.looked_at import SCHEMA, Project, url_of
from pgbouncers import needs_pgbouncer, pgbouncer
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

SETTINGS = "select string_agg(name || setting, ',' order by name) from pg_settings where source = 'session'"


@needs_pgbouncer
def test_transaction_mode(project: Project, endpoint: Endpoint, empty_database: psycopg.Connection) -> None:
    """The next client of the one session that there is finds it as it was."""
    empty_database.execute(SCHEMA)
    name = empty_database.info.dbname
    assert project.run("seed", "--url", url_of(empty_database), "--yes").exit_code == 0
    with pgbouncer(endpoint, "transaction", size=1) as login:
        pooled = make_conninfo(login, dbname=name)
        with psycopg.connect(pooled, autocommit=True) as other:
            before = other.execute(SETTINGS).fetchone()
            for command in ("detect", "plan", "report", "dump"):
                result = project.run(command, "--url", pooled)
                assert result.exit_code == 0, result.output
                assert other.execute(SETTINGS).fetchone() == before, command
        for command in ("seed --yes", "status", "cleanup --yes"):
            result = project.run(*command.split(), "--url", pooled)
            assert (result.exit_code, "a pooler in transaction mode" in result.stderr) == (1, True)
        checked = project.run("doctor", "--url", pooled)
        assert (checked.exit_code, "a pooler in transaction mode" in checked.stdout) == (1, True)
