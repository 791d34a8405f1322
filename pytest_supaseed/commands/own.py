"""What `seed`, `status` and `cleanup` share: the database of the user's own, and words for what is in it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pytest_supaseed.commands.conventions import read_options
from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.own_database import OwnDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_supaseed.load.cleanup import TableDrift
    from pytest_supaseed.options import Options

own_url = click.option("--url", help="The database: postgresql://user:password@host:port/name.")
allow_remote = click.option(
    "--allow-remote", is_flag=True, help="Allow a server that is not on this machine."
)
assent = click.option("--yes", is_flag=True, help="Do not ask.")


def own_database(
    config: Path | None, *, url: str | None, allow_remote: bool, **flags: str | None
) -> tuple[Options, OwnDatabase]:
    """Return the options in force, and the database that was named.

    Args:
        config: the `pyproject.toml` that was named.
        url: the database; it has to be named on the command line, lest a test server's URL be taken for it.
        allow_remote: whether it may be on another machine.
        flags: further flags, by the option's key.

    Raises:
        UsageError: no database was named, or a value is wrong.
    """
    if url is None:
        raise UsageError(
            "Which database is meant is not said.",
            looked_at=["--url on the command line; the URL of a test server counts for nothing here"],
            remedies=["--url postgresql://postgres:postgres@127.0.0.1:54322/postgres, for a local Supabase"],
        )
    options = read_options(config, url=url, allow_remote="true" if allow_remote else None, **flags)
    return options, OwnDatabase(url, options, source=options.source("url"))


def agreed(question: str, *, yes: bool, as_json: bool) -> bool:
    """Ask, unless `--yes` says so.

    Raises:
        UsageError: nobody can be asked: the answer is JSON, or standard input is no terminal.
    """
    if yes:
        return True
    if as_json:
        raise UsageError("With --json nobody is asked.", remedies=["say --yes as well"])
    if not is_asked():
        raise UsageError(
            "Nobody can be asked, since standard input is no terminal; nothing was done.",
            looked_at=[f"the question: {question}"],
            remedies=["say --yes if it is meant"],
        )
    return click.confirm(question, err=True)


def is_asked() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def drift_json(found: Sequence[TableDrift]) -> list[dict[str, Any]]:
    """Return what became of the rows as plain values."""
    return [{**asdict(one), "kept": one.kept} for one in found]


def drift_lines(found: Sequence[TableDrift]) -> Iterator[str]:
    """Say what became of the rows, a line for each table."""
    width = max((len(one.table) for one in found), default=0)
    for one in found:
        others = f" from {', '.join(one.referrers)}" if one.referrers else ""
        said = [
            f"{one.unchanged:,} as seeded",
            *([f"{one.changed:,} changed since"] if one.changed else []),
            *([f"{one.referred:,} referred to{others}"] if one.referred else []),
            *([f"{one.gone:,} deleted since"] if one.gone else []),
        ]
        yield f"{one.table:<{width}}  {', '.join(said)}"
