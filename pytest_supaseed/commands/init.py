"""`supaseed init`: settings for a project, from what it has already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import as_json, config, print_json, project_file, said_plainly
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from pytest_supaseed.original.config_file import OriginalConfig


@click.command()
@click.option(
    "--from",
    "source",
    metavar="FILE",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A supa-seed.config.json of the original tool.",
)
@click.option("--write", is_flag=True, help="Add the settings to pyproject.toml, which must have none yet.")
@as_json
@config
def init(*, source: Path, write: bool, as_json: bool, config: Path | None) -> None:
    """Print the [tool.supaseed] of pyproject.toml that says what a supa-seed.config.json says."""
    from pytest_supaseed.original.toml_text import toml_of

    with said_plainly(as_json=as_json):
        found = _read(source)
        text = toml_of(found)
        target = project_file(config)
        if write:
            _add(target, text)
        if as_json:
            print_json({"toml": text, "written": str(target) if write else None, "unused": found.unused})
            return
    click.echo(f"written: {target}" if write else text.rstrip())
    for key in found.unused:
        click.echo(f"without a meaning here: {key}", err=True)
    if write:
        click.echo(f"{source} is no longer needed: remove it", err=True)


def _read(source: Path) -> OriginalConfig:
    from pytest_supaseed.original.config_file import read_original

    found = read_original(source.absolute())
    if found is None:
        raise UsageError(f"{source} is gone.")
    return found


def _add(target: Path, text: str) -> None:
    """Add the settings at the end of a pyproject.toml, or make one.

    Raises:
        UsageError: it has settings of ours, or cannot be read or written.
    """
    from tomllib import TOMLDecodeError, loads

    try:
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        if "supaseed" in loads(before).get("tool", {}):
            raise UsageError(
                f"{target} has a [tool.supaseed] already; it is left alone.",
                remedies=["leave --write out, and merge by hand what is printed"],
            )
        separator = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        target.write_text(f"{before}{separator}{text}", encoding="utf-8")
    except (OSError, UnicodeDecodeError, TOMLDecodeError) as error:
        raise UsageError(f"{target} cannot be changed: {error}.") from None
