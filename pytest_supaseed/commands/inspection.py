"""Which schema a command looks at: the project's own, or that of a database that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from pytest_supaseed.commands.conventions import project_file, read_options, say_waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.options import Options

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def looking(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Give a command `--url`, `--framework` and `--allow-remote`."""
    url = click.option("--url", help="A database that holds the schema already; it is only read.")
    framework = click.option("--framework", help="What the schema is, where that is not recognised.")
    remote = click.option("--allow-remote", is_flag=True, help="Allow a server that is not on this machine.")
    return url(framework(remote(command)))


def inspected(
    config: Path | None, *, url: str | None, allow_remote: bool, **flags: str | None
) -> tuple[Options, InspectedSchema]:
    """Return the options in force, and the schema: of the database of `url`, else of the project.

    A URL of the environment or of the file is a server, as in a test run: databases of ours are made there.

    Args:
        config: the `pyproject.toml` that was named.
        url: the database that was named on the command line.
        allow_remote: whether it may be on another machine.
        flags: further flags, by the option's key.

    Raises:
        SupaseedError: there is no schema, no server, or a wrong value.
    """
    from pytest_supaseed.isolation.inspected_schema import inspect_database, inspect_project

    options = read_options(config, url=url, allow_remote="true" if allow_remote else None, **flags)
    if url is not None:
        return options, inspect_database(url, options, source=options.source("url"))
    return options, inspect_project(project_file(config).parent, options, on_wait=say_waiting)
