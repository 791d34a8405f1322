"""Servers of our own: shared, private, reachable, and stopped by whoever leaves last."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest
from cluster_processes import (
    KEPT,
    ClusterUser,
    as_account,
    databases,
    ends,
    execute,
    interpreter,
    only_cluster,
    our_processes,
)

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_state import read_state
from pytest_supaseed.server.file_locks import take_lock

if TYPE_CHECKING:
    import pwd
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_supaseed.server.binaries import Binaries

    Cluster = Callable[..., AbstractContextManager[Any]]
    Join = Callable[..., ClusterUser]


def test_a_server_runs_for_as_long_as_it_is_used_and_its_databases_stay(
    cluster: Cluster, cache: Path, said: list[str]
) -> None:
    """The first run makes the cluster, the second finds its databases, and nothing runs in between."""
    with cluster() as first:
        execute(first.conninfo(), f"create database {KEPT}")
        state = read_state(first.folder / "state.json")
    assert state is not None
    assert our_processes(cache) == []
    assert ends(state.warden)
    assert state.memory is None or not Path(state.memory).exists()

    began = time.perf_counter()
    with cluster() as second:
        warm = time.perf_counter() - began
        assert KEPT in databases(second.conninfo())
        assert second.password == first.password
    assert warm < 5
    assert said == []


def test_the_endpoint_says_what_it_is(cluster: Cluster, binaries: Binaries) -> None:
    """Kind, version and logins are those of the server; the superuser is ours."""
    with cluster() as endpoint:
        assert (endpoint.kind, endpoint.version, endpoint.title) == (
            binaries.kind,
            binaries.version,
            binaries.title,
        )
        assert (endpoint.host, endpoint.user, endpoint.owner) == ("127.0.0.1", "supabase_admin", "postgres")
        assert endpoint.owner_password not in {None, endpoint.password}
        roles = execute(
            endpoint.conninfo(), "select rolname, rolsuper from pg_roles where oid >= 10 and oid < 11"
        )
        assert roles == [("supabase_admin", True)]
        assert endpoint.password not in repr(endpoint)


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    """No way in is trusted, neither the loopback nor the socket; and the password's file is private."""
    with cluster() as endpoint:
        for host in ("127.0.0.1", str(endpoint.folder / "socket")):
            for password in ("", "wrong"):
                with pytest.raises(psycopg.OperationalError, match="password"):
                    psycopg.connect(
                        host=host,
                        port=endpoint.port,
                        user=endpoint.user,
                        dbname="postgres",
                        password=password,
                    )
        assert (endpoint.folder / "logins.json").stat().st_mode & 0o777 == 0o600
        assert (endpoint.folder / "socket").stat().st_mode & 0o777 == 0o700
        hba = (endpoint.folder / "data/pg_hba.conf").read_text()
        methods = {line.split()[-1] for line in hba.splitlines() if line.strip() and line[0] != "#"}
        assert methods == {"scram-sha-256"}
        state = read_state(endpoint.folder / "state.json")
        assert state is not None
        listening = psutil.Process(state.postgres).net_connections("inet")
        assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}


def test_two_runs_share_a_server_and_the_last_one_stops_it(join: Join, cache: Path) -> None:
    """Leaving takes the server from nobody else, and the last to leave returns when it has stopped."""
    first, second = join(), join()
    assert first.facts["port"] == second.facts["port"]

    first.leave()
    assert execute(second.conninfo, "select 1") == [(1,)]

    second.leave()
    assert our_processes(cache) == []
    assert ends(second.facts["warden"])


def test_a_long_path_gets_a_socket_elsewhere(cluster: Cluster, cache: Path) -> None:
    """A cache folder too deep for a socket's path of 107 bytes: the socket is in a short private folder."""
    deep = cache / ("a" * 60) / ("b" * 60)

    with cluster(cache=deep) as endpoint:
        (folder,) = [row[0] for row in execute(endpoint.conninfo(), "show unix_socket_directories")]
        place = Path(folder.strip('"'))
        assert len(os.fsencode(place / ".s.PGSQL.65535")) <= 107
        assert place.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(endpoint.conninfo(), host=str(place)) as connection:
            assert connection.info.host == str(place)
    shutil.rmtree(place.parent)


def test_odd_names_of_folders_are_no_obstacle(cluster: Cluster, cache: Path) -> None:
    """Spaces, quotes and commas in the cache folder's name."""
    with cluster(cache=cache / 'it\'s a, "b" ü') as endpoint:
        assert execute(endpoint.conninfo(), "select 1") == [(1,)]


def test_a_run_that_begins_while_the_server_stops_gets_one(cache: Path, join: Join) -> None:
    """Joining and leaving at random, three processes: nobody is turned away or left with a dead server."""
    join().leave()
    code = (
        "import sys, time, random, psycopg; from pathlib import Path\n"
        "from pytest_supaseed.server.binaries import find_embedded, find_local\n"
        "from pytest_supaseed.server.clusters import running_cluster\n"
        "found = find_embedded().found or find_local().found\n"
        "for _ in range(8):\n"
        "    with running_cluster(found, cache=Path(sys.argv[1]), storage='auto', control_path=None,"
        " on_wait=print) as endpoint:\n"
        "        psycopg.connect(endpoint.conninfo()).close(); time.sleep(random.random() / 50)\n"
        "    time.sleep(random.random() / 50)\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, cache], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for run in runs:
        _, complaints = run.communicate(timeout=60)
        assert run.returncode == 0, complaints
    assert our_processes(cache) == []


def test_a_port_that_is_taken_between_choice_and_use_is_no_obstacle(
    cluster: Cluster, cache: Path, tmp_path: Path
) -> None:
    """A server that finds its port taken is started on another."""
    from pytest_supaseed.server import server_process

    with cluster():
        pass
    taken = socket.create_server(("127.0.0.1", 0))
    ports = [taken.getsockname()[1], server_process.free_port()]
    code = (
        "import sys; from pytest_supaseed.server import server_process\n"
        f"ports = iter({ports}); server_process.free_port = lambda: next(ports)\n"
        "from pathlib import Path; import os, json\n"
        "command = json.loads(sys.argv[1]); command['data'] = Path(command['data'])\n"
        "log = open(sys.argv[2], 'ab')\n"
        "server = server_process.start_server(server_process.ServerCommand(**command), log)\n"
        "print(server.port); server.stop()\n"
    )
    with taken, cluster() as endpoint:
        arguments = psutil.Process(_state_of(endpoint).postgres).cmdline()
    settings = [argument for flag, argument in pairwise(arguments) if flag == "-c"]
    owner = (only_cluster(cache) / "data").stat()
    user = [owner.st_uid, owner.st_gid] if os.geteuid() == 0 else None
    command: dict[str, Any] = {
        "postgres": arguments[0],
        "data": str(only_cluster(cache) / "data"),
        "settings": settings,
        "environment": {},
        "user": user,
    }
    with socket.create_server(("127.0.0.1", ports[0])):
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(command), tmp_path / "log"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.stdout.strip() == str(ports[1]), done.stderr
    assert "could not bind" in (tmp_path / "log").read_text()


def _state_of(endpoint: Any) -> Any:
    return read_state(endpoint.folder / "state.json")


def test_an_ordinary_user_has_a_server_of_their_own(
    join: Join, cache: Path, ordinary_account: pwd.struct_passwd
) -> None:
    """Not root: the server runs as oneself, and kill -9 and rerun work as well."""
    home = cache / "home"
    home.mkdir()
    os.chown(home, ordinary_account.pw_uid, ordinary_account.pw_gid)
    home.chmod(0o700)

    user = join(folder=home / "cache", account=ordinary_account)
    assert user.server.uids().effective == ordinary_account.pw_uid
    assert user.facts["notes"] == []
    execute(user.conninfo, f"create database {KEPT}")
    user.kill()
    assert ends(user.facts["warden"])
    again = join(folder=home / "cache", account=ordinary_account)
    assert KEPT in databases(again.conninfo)
    again.leave()
    assert our_processes(cache) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="Postgres refuses nobody but root")
def test_root_s_server_runs_as_somebody_else(cluster: Cluster) -> None:
    """Root: the server runs as an account that owns nothing, on data of its own, and says so."""
    with cluster() as endpoint:
        server = psutil.Process(_state_of(endpoint).postgres)
        assert server.uids().effective != 0
        assert server.gids().effective != 0
        assert os.getgrouplist("root", 0) != []
        assert (
            Path(f"/proc/{server.pid}/status").read_text().split("Groups:")[1].splitlines()[0].split() == []
        )
        assert any("Postgres refuses root" in note for note in endpoint.notes)


@pytest.mark.skipif(os.geteuid() != 0, reason="what root alone may enter")
def test_a_cache_that_the_server_cannot_reach_is_kept_elsewhere(cluster: Cluster, cache: Path) -> None:
    """Root's cache in a closed folder: that stays closed, the cluster is elsewhere, and that is said."""
    cache.chmod(0o700)
    with cluster(cache=cache / "cache") as endpoint:
        home = endpoint.folder.parent
        assert home.parent == Path("/var/tmp")  # noqa: S108
        assert (home.stat().st_uid, home.stat().st_mode & 0o777) == (0, 0o711)
        assert any(str(home) in note for note in endpoint.notes)
    assert cache.stat().st_mode & 0o777 == 0o700
    assert list(cache.iterdir()) == []
    shutil.rmtree(home)


def test_a_cache_that_cannot_be_written_is_an_error(cache: Path, ordinary_account: pwd.struct_passwd) -> None:
    """A read-only cache folder: the error names it and the option, shows no traceback, and leaves nothing."""
    done = subprocess.run(
        [interpreter(ordinary_account), Path(__file__).with_name("cluster_user.py"), cache],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
        **as_account(ordinary_account),
    )
    assert done.returncode == 1
    assert str(cache) in done.stderr
    assert "--supaseed-cache-dir" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(cache.iterdir()) == []


def test_a_cache_that_is_a_file_is_an_error(cluster: Cluster, cache: Path) -> None:
    """So is a cache folder that is none."""
    (cache / "file").write_text("")
    with pytest.raises(EndpointError, match="cannot hold a server"), cluster(cache=cache / "file" / "cache"):
        pytest.fail("there is no server")


def test_runs_of_different_settings_do_not_meet(cluster: Cluster, cache: Path, tmp_path: Path) -> None:
    """Extensions of another content are another cluster: a running server never sees them change."""
    (tmp_path / "extension").mkdir()
    (tmp_path / "extension/nothing.control").write_text("default_version = '1'\n")
    (tmp_path / "extension/nothing--1.sql").write_text("select 1;\n")
    with cluster() as plain, cluster(control_path=tmp_path) as other:
        if plain.major < 18:
            assert other.port == plain.port
            return
        assert other.port != plain.port
        found = execute(other.conninfo(), "select 1 from pg_available_extensions where name = 'nothing'")
        assert found == [(1,)]
        execute(other.conninfo(), "create extension nothing")
    assert our_processes(cache) == []


def test_a_cluster_may_be_removed_while_others_wait_for_it(cluster: Cluster, cache: Path) -> None:
    """Whoever waited makes it anew: removing a cluster is never an error for somebody else."""
    with cluster():
        pass
    folder = only_cluster(cache)
    guard = take_lock(folder / "start.lock", seconds=1)
    assert guard is not None
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_join_once, cluster)
        time.sleep(0.2)
        shutil.rmtree(folder)
        guard.release()
        assert waiting.result(30) == [(1,)]


def _join_once(cluster: Cluster) -> list[tuple[Any, ...]]:
    with cluster() as endpoint:
        return execute(endpoint.conninfo(), "select 1")
