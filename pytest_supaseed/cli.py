"""`supaseed`: the command line. A command is a module of `commands/`, imported when it is called.

Exit codes: 0 done, 1 something failed, 2 wrong usage.
"""

from __future__ import annotations

import errno
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "cache": "cache",
        "cleanup": "cleanup",
        "detect": "detect",
        "doctor": "doctor",
        "dump": "dump",
        "init": "init",
        "plan": "plan",
        "report": "report",
        "seed": "seed",
        "status": "status",
    }
)
"""By command: its module in `pytest_supaseed.commands`, which holds it under its own name."""


_FULL = frozenset({errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)})


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, or listed by `--help`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, without importing anything."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pytest_supaseed.commands.{COMMANDS[cmd_name]}")
        return cast("click.Command", getattr(module, COMMANDS[cmd_name]))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; where its output is going to a disk that is full, say that and no more."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno not in _FULL or error.filename is not None:
                raise
            raise click.ClickException(f"The output cannot be written: {error.strerror}.") from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pytest-supaseed", prog_name="supaseed")
def main() -> None:
    """Real, seeded Postgres databases for tests: what pytest-supaseed does, without pytest."""
