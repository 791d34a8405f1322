"""What holds for every command: its options, where settings come from, exit codes, JSON, errors."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import click

from pytest_supaseed.errors import SupaseedError, UsageError
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_supaseed.options import Options

FAILED, WRONG_USAGE = 1, 2
EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "done",
        FAILED: (
            "something failed: a table got fewer rows than planned, no server can be had, no schema or no"
            " table is there, a cluster or dataset is in use and was left alone, an archive does not fit,"
            " `doctor` has found something"
        ),
        WRONG_USAGE: "wrong usage, or a wrong setting; nothing was done",
    }
)
"""By code: what it means, for the reference."""

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
cache_dir = click.option("--cache-dir", metavar="FOLDER", help="Where servers of ours are kept.")
config = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The pyproject.toml to read [tool.supaseed] from.  [default: that of this folder]",
)
verbose = click.option("-v", "--verbose", is_flag=True, help="Say more.")


def shared_options(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Give a command `--json`, `--cache-dir` and `--config`."""
    return as_json(cache_dir(config(command)))


def read_options(config: Path | None, **flags: str | None) -> Options:
    """Return the options in force: flags over the environment over `pyproject.toml`.

    Args:
        config: the file; `pyproject.toml` of this folder where none is given.
        flags: by key (`cache_dir`), the text that was given; None where nothing was.

    Raises:
        UsageError: a value is wrong.
    """
    return resolve_options(flags, os.environ, project_file(config), flag_prefix="--")


def project_file(config: Path | None) -> Path:
    """Return the file that settings are read from; its folder is the project's."""
    return config.absolute() if config is not None else Path.cwd() / "pyproject.toml"


@contextmanager
def said_plainly(*, as_json: bool) -> Iterator[None]:
    """Make an error of ours the whole message, on standard error, and the exit code.

    Args:
        as_json: whether standard output gets the error as JSON too.
    """
    try:
        yield
    except SupaseedError as error:
        if as_json:
            print_json({"error": _error_json(error)})
        _end(str(error), WRONG_USAGE if isinstance(error, UsageError) else FAILED)
    except BrokenPipeError:
        _end_quietly()


def print_json(said: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(said, indent=2, ensure_ascii=False))


def say_waiting(said: str) -> None:
    """Tell on standard error what is waited for."""
    click.echo(f"{said} ...", err=True)


def _end_quietly() -> NoReturn:
    """Nobody reads on, as after `| head`: what is left in buffers goes nowhere, and nothing is said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(FAILED)


def _error_json(error: SupaseedError) -> Mapping[str, object]:
    return {
        "kind": type(error).__name__,
        "summary": error.summary,
        "looked_at": list(error.looked_at),
        "remedies": list(error.remedies),
    }


def _end(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
