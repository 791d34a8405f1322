"""Tests of `supaseed doctor`: what is not fine, and how to mend it; and of `--policies`."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from commands.looked_at import url_of
from psycopg.conninfo import make_conninfo

from pytest_supaseed.reporting import diagnosis

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from commands.looked_at import Project


def findings(project: Project, *arguments: str) -> dict[str, Any]:
    """What the command says, by subject."""
    return {one["subject"]: one for one in json.loads(project.run("doctor", "--json", *arguments).stdout)}


def test_a_machine_without_memory(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """More is needed than there is; code 1, in words too."""
    monkeypatch.setattr(diagnosis, "MEMORY", 1 << 60)
    found = findings(project)["machine"]
    assert found["fine"] is False
    assert "-n 1" in found["remedies"][1]
    result = project.run("doctor")
    assert (result.exit_code, "FAIL  machine: " in result.stdout) == (1, True)


def test_packages_that_are_not_those_that_are_asked_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command that mends it is said; what is of an extra only is not asked for."""
    asked = ["psycopg>=999", "nobodys-package>=1", 'sqlglot>=999; extra == "dev"', "faker>=1"]
    monkeypatch.setattr("importlib.metadata.requires", lambda _name: asked)
    found = findings(project)["packages"]
    assert found["fine"] is False
    assert found["remedies"] == ['pip install "psycopg>=999" "nobodys-package>=1"']
    assert "nobodys-package>=1 is asked for, and none is there" in found["said"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_closed(project: Project, tmp_path: Path) -> None:
    """Found by trying, before a server is."""
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    found = findings(project, "--cache-dir", str(closed / "cache"))["cache folder"]
    assert (found["fine"], "nothing can be written" in found["said"]) == (False, True)


def test_a_folder_that_is_a_file(project: Project, tmp_path: Path) -> None:
    """It cannot hold anything."""
    (tmp_path / "file").write_text("")
    found = findings(project, "--cache-dir", str(tmp_path / "file"))["cache folder"]
    assert found["fine"] is False


def test_a_login_that_is_no_superuser(project: Project, maker: Any) -> None:
    """What that means for tests is said; one that may not even make databases is a failure."""
    role = f"{maker.prefix}doctor"
    maker.registry.execute(f"create role {role} login createdb password 'pw'".encode())
    url = make_conninfo(project.endpoint.conninfo(), user=role, password="pw")
    try:
        found = findings(project, "--url", url)
        assert f"{role} may make databases, and is no superuser" in found["permissions"]["said"]
        maker.registry.execute(f"alter role {role} nocreatedb".encode())
        found = findings(project, "--url", url)
        assert found["permissions"]["fine"] is False
        assert f"alter role {role} createdb" in found["permissions"]["remedies"][0]
    finally:
        maker.registry.execute(f"drop owned by {role}".encode())
        maker.registry.execute(f"drop role {role}".encode())


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
