"""A server that takes no writes, as a standby or by a setting: what each command and a test run say of it."""

from __future__ import annotations

import psycopg
import pytest
from commands.looked_at import SCHEMA, Project, url_of
from psycopg import sql
from psycopg.conninfo import make_conninfo
from restarted_servers import restarted_server

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.existing import endpoint_from_url

WRITING = (["seed", "--yes"], ["seed", "--yes", "--dry-run"], ["cleanup", "--yes"], ["status"])
READING = (["detect"], ["plan"], ["report"])


def check_commands(project: Project, url: str, said: str, *remedies: str) -> None:
    """What would write is refused with these words, as is a test run; what reads serves."""
    with pytest.raises(EndpointError, match=said) as raised:
        endpoint_from_url(url, source="--supaseed-url", allow_remote=False)
    assert all(remedy in str(raised.value) for remedy in remedies)
    for command in WRITING:
        result = project.run(*command, "--url", url)
        assert (result.exit_code, result.stdout) == (1, ""), command
        assert all(word in result.stderr for word in (said, *remedies)), command
    for command in READING:
        result = project.run(*command, "--url", url)
        assert result.exit_code == 0, result.output
    checked = project.run("doctor", "--url", url)
    assert (checked.exit_code, said in checked.stdout) == (1, True)


def test_a_standby(project: Project) -> None:
    """It is a replica of another server, whatever the login may do."""
    with restarted_server() as running:
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("create table things (id int primary key, label text not null)")
        running.stop()
        running.make_standby()
        running.start()
        check_commands(project, running.url, "it is a standby", "name the primary server")


@pytest.mark.parametrize(
    ("setting", "given", "remedy"),
    [
        ("alter database {} set default_transaction_read_only = on", "", "alter database ... reset"),
        ("select 1", "-c default_transaction_read_only=on", "leave it out of the URL's options"),
    ],
    ids=["of the database", "of the URL"],
)
def test_a_setting(
    project: Project, empty_database: psycopg.Connection, setting: str, given: str, remedy: str
) -> None:
    """Whose it is decides how it is taken back."""
    empty_database.execute(SCHEMA)
    name = sql.Identifier(empty_database.info.dbname)
    empty_database.execute(sql.SQL(setting).format(name))
    url = make_conninfo(url_of(empty_database), options=given)
    check_commands(project, url, "default_transaction_read_only is on", remedy)
