"""Databases of tests may live in memory: where there is room, for as long as the server runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server import memory_tablespace
from pytest_supaseed.server.endpoint import Endpoint
from pytest_supaseed.server.memory_tablespace import TABLESPACE, free_memory, sweep_memory, tablespace_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path


def _memory(endpoint: Any) -> Path:
    if endpoint.memory is None:
        pytest.skip("no memory to put databases into")
    return endpoint.memory  # type: ignore[no-any-return]


def test_a_small_clone_goes_into_memory_and_a_big_one_does_not(
    cluster: Callable[..., AbstractContextManager[Any]],
) -> None:
    """What fits several times over may; the rest stays on disk, so that memory stays flat."""
    with cluster() as endpoint:
        free = free_memory(_memory(endpoint))
        assert tablespace_for(endpoint, 1 << 20) == TABLESPACE
        assert tablespace_for(endpoint, free // 2) is None
        with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
            connection.execute("create database supaseed_run_00000000_a tablespace supaseed_memory")
        assert list(_memory(endpoint).glob("tablespace/PG_*/*"))
    assert not endpoint.memory.exists()

    with (
        cluster(storage="disk") as endpoint,
        psycopg.connect(endpoint.conninfo(), autocommit=True) as connection,
    ):
        assert tablespace_for(endpoint, 1) is None
        names = connection.execute("select datname from pg_database").fetchall()
        assert ("supaseed_run_00000000_a",) not in names
        assert (
            connection.execute("select 1 from pg_tablespace where spcname = 'supaseed_memory'").rowcount == 0
        )


def test_a_server_of_somebody_else_has_none() -> None:
    """An endpoint by URL is left as it is."""
    endpoint = Endpoint(
        kind="existing", host="h", port=1, user="u", password=None, version="18.1", title="somebody's"
    )
    assert tablespace_for(endpoint, 1) is None


def test_too_little_memory_is_no_obstacle_unless_it_is_asked_for(
    cluster: Callable[..., AbstractContextManager[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in Docker, with 64 MB: `auto` does without, `memory` says what is missing."""
    monkeypatch.setattr(memory_tablespace, "ROOM_TO_START", 1 << 60)
    with pytest.raises(EndpointError, match="no room") as caught, cluster(storage="memory"):
        pytest.fail("there is no room")
    assert "--shm-size" in str(caught.value)
    with cluster() as endpoint:
        assert endpoint.memory is None


def test_what_a_dead_server_left_in_memory_is_swept(
    cluster: Callable[..., AbstractContextManager[Any]], cache: Path
) -> None:
    """Its cluster is gone, or is our own: the folder goes; a running server's stays."""
    with cluster() as endpoint:
        kept = _memory(endpoint)
        gone = kept.with_name(f"{kept.name}-gone")
        gone.mkdir()
        (gone / "owner").write_text(str(cache / "no such cluster"))
        foreign = kept.with_name(f"{kept.name}-half")
        foreign.mkdir()
        sweep_memory(cache / "another", kept=None)
        assert kept.is_dir()
        assert not gone.exists()
        assert foreign.is_dir()
        foreign.rmdir()
