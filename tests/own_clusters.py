"""Servers of a test's own, for tests that drop or replace what other tests of the run count on."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.server.binaries import Binaries, find_embedded, find_local
from pytest_supaseed.server.clusters import running_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


def some_binaries() -> Binaries:
    """Some Postgres that can be run here."""
    found = find_embedded().found or find_local().found
    if found is None:
        pytest.skip("no Postgres binaries on this machine")
    return found


@contextmanager
def cache_folder() -> Iterator[Path]:
    """A cache folder that the server's account can enter, unlike `tmp_path` of root."""
    in_memory = Path("/dev/shm")  # noqa: S108  # initdb makes 1,000 files: twice as fast there
    roomy = os.access(in_memory, os.W_OK) and shutil.disk_usage(in_memory).free > 1 << 30
    folder = Path(tempfile.mkdtemp(prefix="supaseed-test-", dir=in_memory if roomy else "/var/tmp"))  # noqa: S108
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def own_server() -> Iterator[Endpoint]:
    """A server that nobody else uses."""
    with (
        cache_folder() as cache,
        running_cluster(
            some_binaries(), cache=cache, storage="disk", control_path=None, on_wait=lambda _: None
        ) as endpoint,
    ):
        yield endpoint
