"""`supaseed init`: settings for a project, from what it has already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import (
    print_json,
    project_file,
    read_options,
    said_plainly,
    say_waiting,
    shared_options,
    verbose,
)
from pytest_supaseed.errors import SchemaError, UsageError

if TYPE_CHECKING:
    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.original.config_file import OriginalConfig


@click.command()
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A supa-seed.config.json of the original tool, instead of what is detected.",
)
@click.option("--url", help="A database that holds the schema already; it is only read.")
@click.option("--allow-remote", is_flag=True, help="Allow a server that is not on this machine.")
@click.option("--write", is_flag=True, help="Add the settings to pyproject.toml, which must have none yet.")
@shared_options
@verbose
def init(  # noqa: PLR0913  # one argument for each option
    *,
    source: Path | None,
    url: str | None,
    allow_remote: bool,
    write: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Print the [tool.supaseed] for pyproject.toml: of what the project is detected to be.

    Its migrations are found and run, as for a test run; with --url, that database is looked into instead.
    With --from, the settings are those of a supa-seed.config.json.
    """
    with said_plainly(as_json=as_json):
        target = project_file(config)
        unused: tuple[str, ...] = ()
        if source is not None:
            text, unused = _of_original(source)
        else:
            text = _of_detection(config, url, cache_dir, allow_remote=allow_remote, verbose=verbose)
        if write:
            _add(target, text)
        if as_json:
            print_json({"toml": text, "written": str(target) if write else None, "unused": unused})
            return
    click.echo(f"written: {target}" if write else text.rstrip())
    for key in unused:
        click.echo(f"without a meaning here: {key}", err=True)
    if write and source is not None:
        click.echo(f"{source} is no longer needed: remove it", err=True)


def _of_original(source: Path) -> tuple[str, tuple[str, ...]]:
    from pytest_supaseed.original.toml_text import toml_of

    found = _read(source)
    return toml_of(found), tuple(found.unused)


def _read(source: Path) -> OriginalConfig:
    from pytest_supaseed.original.config_file import read_original

    found = read_original(source.absolute())
    if found is None:
        raise UsageError(f"{source} is gone.")
    return found


def _of_detection(
    config: Path | None, url: str | None, cache_dir: str | None, *, allow_remote: bool, verbose: bool
) -> str:
    from pytest_supaseed.isolation.inspected_schema import inspect_database
    from pytest_supaseed.reporting.detected import detection_lines
    from pytest_supaseed.reporting.detected_settings import settings_toml

    remote = "true" if allow_remote else None
    options = read_options(config, url=url, allow_remote=remote, cache_dir=cache_dir)
    schema: InspectedSchema
    sources: list[str]
    if url is not None:
        schema, sources = inspect_database(url, options, source=options.source("url")), []
    else:
        schema, sources = _of_project(config, cache_dir)
    for line in detection_lines(schema, verbose=True) if verbose else ():
        click.echo(line, err=True)
    return settings_toml(schema, sources, users=options.users)


def _of_project(config: Path | None, cache_dir: str | None) -> tuple[InspectedSchema, list[str]]:
    """The schema of the first place that has one, and that place.

    Raises:
        SchemaError: no place has one.
    """
    from pytest_supaseed.isolation.inspected_schema import inspect_project
    from pytest_supaseed.platform.schema_candidates import FILES, FOLDERS, schema_candidates

    root = project_file(config).parent
    found = schema_candidates(root)
    if not found:
        raise SchemaError(
            f"No schema is found in {root}.",
            looked_at=["supabase/migrations, alembic.ini, manage.py", ", ".join((*FILES, *FOLDERS))],
            remedies=[
                'say where the tables come from: schema = ["..."] in [tool.supaseed] of pyproject.toml',
                "or name a database that holds them: --url postgresql://.../app",
            ],
        )
    options = read_options(config, schema=found[0], cache_dir=cache_dir)
    return inspect_project(root, options, on_wait=say_waiting), found[:1]


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
