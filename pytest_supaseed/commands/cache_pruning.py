"""`supaseed cache prune`: what is kept for nobody is dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.cached_server import MIB, cache_lines, cached_server, server_options
from pytest_supaseed.commands.conventions import print_json, read_options, said_plainly, shared_options
from pytest_supaseed.memory_size import cache_size

if TYPE_CHECKING:
    from pathlib import Path


def _read_limit(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int | None] | None:
    """Return bytes in a tuple: None in it is no limit, and None in its stead that nothing was said."""
    if value is None:
        return None
    try:
        return (cache_size(value),)
    except ValueError as error:
        why = f": {error}" if str(error) else ""
        said = f"{value!r} is no size such as 2GB or 500MiB, and not none{why}"
        raise click.BadParameter(said, ctx, param) from None


@click.command()
@click.option(
    "--limit",
    metavar="SIZE",
    callback=_read_limit,
    help="What datasets may take together.  [default: cache-limit, 4GB]",
)
@click.option(
    "--older-than",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="Drop those that no run used for so long.",
)
@click.option("--kept", is_flag=True, help="Drop the databases of failed tests too.")
@server_options
@shared_options
def prune(  # noqa: PLR0913  # one argument for each option
    *,
    limit: tuple[int | None] | None,
    older_than: int | None,
    kept: bool,
    url: str | None,
    allow_remote: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
) -> None:
    """Drop what dead runs left, and the datasets that are too many; never what a live run uses."""
    from pytest_supaseed.isolation.dataset_cache import ServerCache, prune_cache
    from pytest_supaseed.isolation.template_pruning import PruneRules

    with said_plainly(as_json=as_json):
        options = read_options(
            config, cache_dir=cache_dir, url=url, allow_remote="true" if allow_remote else None
        )
        rules = PruneRules(
            limit=options.cache_limit if limit is None else limit[0],
            used_since=None if older_than is None else datetime.now(UTC) - timedelta(days=older_than),
        )
        with cached_server(options) as endpoint:
            nothing = ServerCache(), ServerCache()
            dropped, left = nothing if endpoint is None else prune_cache(endpoint, rules, kept=kept)
    size = sum(one.bytes for one in left.templates)
    if as_json:
        print_json({"dropped": dropped.to_json(), "left_bytes": size})
        return
    click.echo(dropped.summary("dropped"))
    for line in cache_lines(dropped):
        click.echo(line)
    if rules.limit is not None and size > rules.limit:
        click.echo(f"{size / MIB:,.0f} MiB stay, in use: more than the limit", err=True)
