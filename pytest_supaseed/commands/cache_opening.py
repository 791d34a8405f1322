"""`supaseed cache open`: looks into a failed test's database that was kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.cached_server import cached_server, server_options
from pytest_supaseed.commands.conventions import cache_dir as cache_dir_option
from pytest_supaseed.commands.conventions import config as config_option
from pytest_supaseed.commands.conventions import read_options, said_plainly
from pytest_supaseed.errors import DatasetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_supaseed.options import Options
    from pytest_supaseed.server.databases import KeptDatabase
    from pytest_supaseed.server.endpoint import Endpoint


@click.command("open")
@click.argument("name")
@click.option("--print-url", is_flag=True, help="Print the URL alone; for a server that runs already.")
@server_options
@cache_dir_option
@config_option
def open_kept(  # noqa: PLR0913  # one argument for each option
    *,
    name: str,
    print_url: bool,
    url: str | None,
    allow_remote: bool,
    cache_dir: str | None,
    config: Path | None,
) -> None:
    """Open the database NAME of a failed test: with psql on a terminal, else its server runs until Ctrl-C."""
    with said_plainly(as_json=False):
        options = read_options(
            config, cache_dir=cache_dir, url=url, allow_remote="true" if allow_remote else None
        )
        if print_url and options.url is None:
            raise UsageError(
                "With --print-url the server would stop before anybody could connect: it is one of ours.",
                remedies=[f"supaseed cache open {name}, which keeps it running until Ctrl-C"],
            )
        with _opened(options, name) as (endpoint, kept):
            if print_url:
                click.echo(endpoint.url(kept.name))
            else:
                _show(endpoint, kept, stays=options.url is None)


@contextmanager
def _opened(options: Options, name: str) -> Iterator[tuple[Endpoint, KeptDatabase]]:
    from pytest_supaseed.isolation.dataset_cache import list_cache

    with cached_server(options) as endpoint:
        kept = () if endpoint is None else list_cache(endpoint).kept
        found = next((one for one in kept if one.name == name), None)
        if endpoint is None or found is None:
            raise _not_kept(name, kept)
        yield endpoint, found


def _not_kept(name: str, kept: Sequence[KeptDatabase]) -> DatasetError:
    return DatasetError(
        f"There is no kept database {name}.",
        looked_at=[f"{one.name}, of {one.test or 'an unknown test'}" for one in kept]
        or ["none is kept here"],
        remedies=[
            "name one of these" if kept else "keep those of failing tests: pytest --supaseed-keep",
            "if the run had another server or cache folder, say so: --url, --cache-dir",
        ],
    )


def _show(endpoint: Endpoint, kept: KeptDatabase, *, stays: bool) -> None:
    click.echo(f"{kept.name}, of {kept.test or 'an unknown test'} {kept.at}".rstrip())
    click.echo(f"url:  {endpoint.url(kept.name)}")
    click.echo(f"psql '{endpoint.url(kept.name)}'")
    psql = shutil.which("psql")
    if psql is not None and sys.stdin.isatty():
        _run_psql(psql, endpoint, kept.name)
    elif stays:
        click.echo("the server runs until Ctrl-C")
        with suppress(KeyboardInterrupt):
            _wait()


def _run_psql(psql: str, endpoint: Endpoint, name: str) -> None:
    """Run it with the password in its environment, where other accounts cannot see it."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    known = conninfo_to_dict(endpoint.conninfo(name, as_owner=True))
    secret = known.pop("password", None)
    environment = {**os.environ, **({} if secret is None else {"PGPASSWORD": str(secret)})}
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's own: it ends a query there
    try:
        subprocess.run([psql, make_conninfo("", **known)], env=environment, check=False)
    finally:
        signal.signal(signal.SIGINT, before)


def _wait() -> None:
    import time

    while True:
        time.sleep(3600)
