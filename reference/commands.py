"""The commands of `supaseed`, as click knows them."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, cast

import click

from pytest_supaseed.cli import main
from reference.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands() -> str:
    """Return each command: how it is called, what it does, its options."""
    return "\n\n".join(_described(main, main.make_context("supaseed", [], resilient_parsing=True)))


def _described(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = cast("click.Command", group.get_command(context, name))
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield f"## {below.command_path}\n\n{_said(command)}"
            yield from _described(command, below)
        else:
            yield from _one(command, below)


def _one(command: click.Command, context: click.Context) -> Iterator[str]:
    level = "###" if context.parent and context.parent.parent else "##"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"{level} {context.command_path}\n\n`{usage}`\n\n{_said(command)}"
    options = [option for option in command.params if isinstance(option, click.Option)]
    yield table(("option", "means"), [_row(option) for option in options if not option.hidden])


def _said(command: click.Command) -> str:
    return _as_code(inspect.cleandoc(command.help or ""))


def _row(option: click.Option) -> tuple[str, str]:
    flags = ", ".join(option.opts) + "".join(f" / {flag}" for flag in option.secondary_opts)
    value = "" if option.is_flag else f" {option.metavar or _type_of(option)}"
    return f"`{flags}{value}`", _as_code(" ".join(f"{option.help} {_default_of(option)}".split()))


def _type_of(option: click.Option) -> str:
    kind = option.type
    return " or ".join(kind.choices) if isinstance(kind, click.Choice) else kind.name.upper()


def _default_of(option: click.Option) -> str:
    shown = option.default if option.show_default is True else option.show_default
    return f"[default: {shown}]" if shown else ""


def _as_code(text: str) -> str:
    """Flags, environment variables and patterns that the help writes plainly, as code."""
    return re.sub(r"(?<![`\w])(--[a-z][a-z-]*|\[tool\.supaseed\]|(?:\{\w+\}[.@\w]*)+)", r"`\1`", text)
