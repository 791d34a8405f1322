"""A cluster that nobody uses, kept so while something is done to its files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.file_locks import held, is_held, take_lock, try_lock
from pytest_supaseed.server.own_folders import unusable_folder
from pytest_supaseed.server.warden import START_LOCK, WARDEN_LOCK, has_users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_SECONDS = 10.0
"""How long a start or a stop may take that is just going on."""


def refuse_if_used(cluster: Path) -> None:
    """See that no run uses a cluster just now.

    Raises:
        EndpointError: one does.
    """
    if is_held(cluster / WARDEN_LOCK) or has_users(cluster):
        raise _in_use(cluster)


@contextmanager
def resting(cluster: Path) -> Iterator[None]:
    """Keep a cluster at rest: a run that comes meanwhile waits.

    Raises:
        EndpointError: it is in use.
    """
    try:
        guard = take_lock(cluster / START_LOCK, seconds=PATIENCE_SECONDS)
    except OSError as error:
        raise unusable_folder(cluster, error) from error
    if guard is None:
        raise _in_use(cluster)
    with held(guard):
        warden = None if has_users(cluster) else try_lock(cluster / WARDEN_LOCK)
        if warden is None:
            raise _in_use(cluster)
        with held(warden):
            yield


def _in_use(cluster: Path) -> EndpointError:
    return EndpointError(
        f"The cluster {cluster} is in use.",
        looked_at=[str(cluster / WARDEN_LOCK), str(cluster / START_LOCK)],
        remedies=["wait until the runs that use it have ended", "name another folder: --cache-dir"],
    )
