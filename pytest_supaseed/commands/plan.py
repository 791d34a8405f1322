"""`supaseed plan`: what would be loaded, before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.inspection import inspected, looking
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.plan.seed_plan import SeedPlan

STANDARD_OUTPUT = "-"


@click.command()
@looking
@click.option("--users", metavar="N", help="How many users; everything else follows.  [default: 10]")
@click.option(
    "--rows", metavar="TABLE=N", multiple=True, help="The exact number of rows of a table; may be repeated."
)
@click.option("--seed", metavar="TEXT", help="Any text; the same seed gives the same rows.")
@click.option(
    "--factories",
    metavar="[FILE]",
    is_flag=False,
    flag_value=STANDARD_OUTPUT,
    help="Write the tables' factories as Python, to start from: into a new FILE, or to standard output.",
)
@shared_options
@verbose
def plan(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    framework: str | None,
    allow_remote: bool,
    users: str | None,
    rows: Sequence[str],
    seed: str | None,
    factories: str | None,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Say what would be loaded: order, rows, factories, circles, and what Postgres has to judge.

    Without --url, the schema is made from the project's own sources, as for a test run. With it, that
    database is read as it is, and nothing is written to it.
    """
    from pytest_supaseed.reporting.planned import plan_json, plan_lines

    with said_plainly(as_json=as_json):
        target = _factory_file(factories)
        options, schema = inspected(
            config,
            url=url,
            framework=framework,
            allow_remote=allow_remote,
            cache_dir=cache_dir,
            users=users,
            rows=",".join(rows) or None,
            seed=seed,
        )
        made = schema.plan(options)
        source = _factory_source(schema, made) if factories is not None else None
        if target is not None and source is not None:
            _write_new(target, source)
        if as_json:
            said = plan_json(schema, made)
            print_json(said if source is None else {**said, "factories": source})
        elif source is None:
            for line in plan_lines(plan_json(schema, made), verbose=verbose):
                click.echo(line)
        elif target is None:
            click.echo(source, nl=False)
        else:
            click.echo(f"written: {target}")


def _factory_file(factories: str | None) -> Path | None:
    """The file to write factories into; None for standard output, or where none are asked for.

    Raises:
        UsageError: the file is there already, or its folder is not.
    """
    if factories is None or factories == STANDARD_OUTPUT:
        return None
    target = Path(factories)
    if target.exists():
        raise UsageError(
            f"{target} is there already; --factories writes a new file only.",
            remedies=["name another file", f"move {target} away first"],
        )
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent} to write {target.name} into.")
    return target


def _factory_source(schema: InspectedSchema, plan: SeedPlan) -> str:
    from pytest_supaseed.rows.factory_source import factory_source

    return factory_source(plan, schema.catalog)


def _write_new(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
