"""`supaseed doctor`: whether this machine can run tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import (
    FAILED,
    print_json,
    read_options,
    said_plainly,
    shared_options,
    verbose,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.options import Options


@click.command()
@click.option("--url", help="A server that runs, instead of one of ours.")
@click.option("--policies", metavar="URL", help="Review the policies of that database; it is only read.")
@click.option("--allow-remote", is_flag=True, help="Allow a server that is not on this machine.")
@shared_options
@verbose
def doctor(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    policies: str | None,
    allow_remote: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Say whether this machine can run tests, by which Postgres, and how to mend what is missing.

    With --policies, say instead what a reviewer of that database's policies would point at. With -v, say too
    which settings a run in this folder would have, and who gave them.
    """
    from pytest_supaseed.reporting.diagnosis import diagnose, diagnose_policies

    remote = "true" if allow_remote else None
    with said_plainly(as_json=as_json):
        options = read_options(config, cache_dir=cache_dir, url=policies or url, allow_remote=remote)
        found = diagnose(options) if policies is None else diagnose_policies(policies, options)
    if as_json:
        print_json([finding.to_json() for finding in found])
    else:
        for line in _settings(options) if verbose else ():
            click.echo(line)
        for finding in found:
            click.echo(f"{'ok   ' if finding.fine else 'FAIL '} {finding.subject}: {finding.said}")
            for remedy in finding.remedies:
                click.echo(f"       {remedy}")
    sys.exit(0 if all(finding.fine for finding in found) else FAILED)


def _settings(options: Options) -> Iterator[str]:
    """The settings that somebody gave; a URL may hold a password, and other secrets are secrets."""
    for key, source in sorted(options.sources.items()):
        value = getattr(options, key, None)
        shown = "given" if key in _SECRET else value
        yield f"      {key.replace('_', '-')}: {shown} ({source})"


_SECRET = frozenset({"url", "jwt_secret", "password"})
