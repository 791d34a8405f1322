"""A server of ours is sound after every kind of death and damage, or it is made anew, and that is said."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest
from cluster_processes import (
    KEPT,
    ClusterUser,
    databases,
    ends,
    execute,
    only_cluster,
    our_processes,
)

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_state import read_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_supaseed.server.binaries import Binaries

    Cluster = Callable[..., AbstractContextManager[Any]]
    Join = Callable[..., ClusterUser]


def test_a_killed_run_leaves_no_server_behind(join: Join, cache: Path) -> None:
    """`kill -9` of the only user: the server stops by itself, in good order, and its memory is given back."""
    user = join()
    execute(user.conninfo, f"create database {KEPT}")
    user.kill()

    assert ends(user.facts["warden"])
    assert our_processes(cache) == []
    assert user.facts["memory"] is None or not Path(user.facts["memory"]).exists()
    state = read_state(Path(user.facts["folder"], "state.json"))
    assert state is not None
    assert not state.running
    later = join()
    assert KEPT in databases(later.conninfo)
    later.leave()


def test_a_killed_run_takes_the_server_from_nobody_else(join: Join) -> None:
    """`kill -9` of one of two: the other goes on."""
    killed, other = join(), join()
    killed.kill()
    time.sleep(0.3)

    assert execute(other.conninfo, "select 1") == [(1,)]
    other.leave()


def test_the_server_ends_with_its_warden(join: Join, cache: Path) -> None:
    """`kill -9` of the warden: no server stays, and the next run finds every database."""
    user = join()
    execute(user.conninfo, f"create database {KEPT}")
    user.warden.kill()
    if sys.platform == "linux":
        assert ends(user.facts["postgres"])
    user.leave()

    later = join()
    assert len(our_processes(cache)) == 1
    assert KEPT in databases(later.conninfo)
    assert later.facts["said"] == []
    later.leave()
    assert our_processes(cache) == []
    assert user.facts["memory"] is None or not Path(user.facts["memory"]).exists()


def test_a_cluster_recovers_when_everything_is_killed_at_once(join: Join) -> None:
    """`kill -9` of run, warden and server: Postgres recovers what was committed; what was in memory goes."""
    user = join()
    execute(user.conninfo, f"create database {KEPT}")
    if user.facts["memory"] is not None:
        execute(user.conninfo, "create database supaseed_run_00000001_x tablespace supaseed_memory")
    execute(user.conninfo, "checkpoint")
    _kill_all(user)

    later = join()
    assert later.facts["said"] == []
    assert databases(later.conninfo) == {"postgres", "template0", "template1", KEPT}
    assert user.facts["memory"] is None or not Path(user.facts["memory"]).exists()
    later.leave()


def test_a_cluster_recovers_without_what_it_had_in_memory(join: Join) -> None:
    """The memory of a killed server was removed: there is a server all the same, most likely the old one."""
    user = join()
    if user.facts["memory"] is None:
        pytest.skip("no memory to put databases into")
    execute(user.conninfo, f"create database {KEPT}")
    execute(user.conninfo, "create database supaseed_run_00000001_x tablespace supaseed_memory")
    in_memory = psycopg.conninfo.make_conninfo(user.conninfo, dbname="supaseed_run_00000001_x")
    execute(in_memory, "create table t as select generate_series(1, 10000)")
    _kill_all(user)
    shutil.rmtree(user.facts["memory"])

    later = join()
    assert databases(later.conninfo) >= {"postgres"}
    assert (KEPT in databases(later.conninfo)) == (later.facts["said"] == [])
    later.leave()


def _kill_all(user: ClusterUser) -> None:
    """Kill a run, its warden and its server so that none of them can clean up."""
    processes = [user.warden, user.server, *user.server.children()]
    for process in (user.warden, user.server):
        process.suspend()
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a server's children end when it does
            process.kill()
    user.kill()
    assert ends(user.facts["postgres"])


def test_a_restart_of_the_machine_makes_an_unclean_cluster_worthless(
    join: Join, cluster: Cluster, said: list[str]
) -> None:
    """It ran without fsync: after a crash and a reboot it is made anew, and that is said once."""
    user = join()
    execute(user.conninfo, f"create database {KEPT}")
    state_file = Path(user.facts["folder"], "state.json")
    _kill_all(user)
    state = read_state(state_file)
    assert state is not None
    state_file.write_text(state_file.read_text().replace(state.boot, "another boot"))

    with cluster() as endpoint:
        assert KEPT not in databases(endpoint.conninfo())
        assert any("restarted" in note for note in endpoint.notes)
    assert [line for line in said if "restarted" in line] == said
    assert len(said) == 1
    with cluster() as endpoint:
        assert not any("restarted" in note for note in endpoint.notes)
    assert len(said) == 1


def _lose_control_file(folder: Path) -> None:
    (folder / "data/global/pg_control").unlink()


def _garble_control_file(folder: Path) -> None:
    (folder / "data/global/pg_control").write_bytes(b"\xff" * 8192)


def _lose_databases(folder: Path) -> None:
    shutil.rmtree(folder / "data/base")
    (folder / "data/base").mkdir()


def _lose_logins(folder: Path) -> None:
    (folder / "logins.json").unlink()


def _garble_state(folder: Path) -> None:
    (folder / "state.json").write_text("{")


@pytest.mark.parametrize(
    "damage", [_lose_control_file, _garble_control_file, _lose_databases, _lose_logins, _garble_state]
)
def test_a_damaged_cluster_is_made_anew(
    cluster: Cluster, cache: Path, said: list[str], damage: Callable[[Path], None]
) -> None:
    """Whatever is missing or garbled: the run goes on with a new cluster, says so, and keeps nothing."""
    with cluster():
        pass
    folder = only_cluster(cache)
    damage(folder)

    with cluster() as endpoint:
        assert execute(endpoint.conninfo(), "select 1") == [(1,)]
        assert any("made anew" in note for note in endpoint.notes)
    assert len(said) == 1
    assert "thrown away" in said[0]
    assert our_processes(cache) == []
    assert not [path for path in folder.iterdir() if path.name.startswith(("making-", "discarded-"))]


def _broken(binaries: Binaries, folder: Path, script: str) -> Binaries:
    """Binaries whose server does what a script says."""
    from dataclasses import replace

    folder.mkdir(mode=0o755)
    for name, text in (("postgres", script), ("initdb", f'#!/bin/sh\nexec "{binaries.initdb}" "$@"\n')):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return replace(binaries, folder=folder)


def test_a_server_that_dies_at_start_is_an_error_that_shows_its_log(
    cluster: Cluster, binaries: Binaries, cache: Path
) -> None:
    """After a second failure the run ends, with the server's words, and leaves nothing half-made."""
    broken = _broken(binaries, cache / "bin", "#!/bin/sh\necho 'FATAL:  no luck today' >&2\nexit 1\n")

    with pytest.raises(EndpointError, match="does not start") as caught, cluster(broken):
        pytest.fail("there is no server")

    assert "no luck today" in str(caught.value)
    assert not [*cache.glob("servers/*/data"), *cache.glob("servers/*/making-*")]
    assert our_processes(cache) == []


def test_what_is_not_the_cluster_s_fault_does_not_cost_it(
    cluster: Cluster, binaries: Binaries, cache: Path, said: list[str]
) -> None:
    """A disk that is full throws no cluster away: the error says what to do, and the databases stay."""
    with cluster() as endpoint:
        execute(endpoint.conninfo(), f"create database {KEPT}")
    full = _broken(binaries, cache / "bin", "#!/bin/sh\necho 'FATAL:  No space left on device' >&2\nexit 1\n")

    with pytest.raises(EndpointError, match="does not start") as caught, cluster(full):
        pytest.fail("there is no server")

    assert "make room" in str(caught.value)
    assert said == []
    with cluster() as endpoint:
        assert KEPT in databases(endpoint.conninfo())


def test_a_half_made_cluster_is_never_trusted(cluster: Cluster, cache: Path) -> None:
    """What an interrupted initdb left is swept away."""
    with cluster():
        pass
    folder = only_cluster(cache)
    (folder / "data").rename(folder / "making-0123")
    (folder / "discarded-4567").mkdir()

    with cluster() as endpoint:
        assert execute(endpoint.conninfo(), "select 1") == [(1,)]
    assert sorted(path.name for path in folder.iterdir() if "-" in path.name) == []


def test_an_order_to_stop_reaches_the_server(join: Join, cache: Path) -> None:
    """SIGTERM to the warden, as at shutdown of the machine: the server is shut down in good order."""
    user = join()
    user.warden.send_signal(signal.SIGTERM)

    assert ends(user.facts["warden"])
    state = read_state(only_cluster(cache) / "state.json")
    assert state is not None
    assert not state.running
    user.leave()


def test_a_server_that_dies_under_its_users_is_started_anew_for_the_next(join: Join) -> None:
    """`kill -9` of the server: who comes next has one, though the first user is still there."""
    first = join()
    first.server.kill()
    assert ends(first.facts["warden"])

    second = join()
    assert execute(second.conninfo, "select 1") == [(1,)]
    first.leave()
    assert execute(second.conninfo, "select 1") == [(1,)]
    second.leave()
