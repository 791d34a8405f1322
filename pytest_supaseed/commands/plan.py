"""`supaseed plan`: what would be loaded, before anything is written."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pytest_supaseed.commands.asked import Asked, asking, max_rows
from pytest_supaseed.commands.conventions import (
    print_json,
    said_plainly,
    say_waiting,
    shared_options,
    verbose,
)
from pytest_supaseed.commands.inspection import inspected, looking
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.load.plan_sample import Estimate
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan

STANDARD_OUTPUT = "-"


@click.command()
@looking
@asking
@click.option(
    "--factories",
    metavar="[FILE]",
    is_flag=False,
    flag_value=STANDARD_OUTPUT,
    help="Write the tables' factories as Python, to start from: into a new FILE, or to standard output.",
)
@click.option("--mermaid", is_flag=True, help="Print the relations as a Mermaid flowchart, and nothing else.")
@click.option("--html", metavar="FILE", help="Write a page with the relations and the plan into a new FILE.")
@click.option("--estimate/--no-estimate", default=True, help="Measure a sample of the rows.  [default: on]")
@click.option("--check", is_flag=True, help="Fail where supaseed seed would refuse the plan for its size.")
@max_rows
@shared_options
@verbose
def plan(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    framework: str | None,
    allow_remote: bool,
    factories: str | None,
    mermaid: bool,
    html: str | None,
    estimate: bool,
    check: bool,
    max_rows: str | None,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
    **given: Any,
) -> None:
    """Say what would be loaded: order, rows, factories, circles, what Postgres has to judge, what it takes.

    Without --url, the schema is made from the project's own sources, as for a test run. With it, that
    database is read as it is, and nothing is written to it.
    """
    from pytest_supaseed.isolation.oversized_plans import refuse_oversize
    from pytest_supaseed.reporting.planned import plan_json

    with said_plainly(as_json=as_json):
        target, page = _new_file(factories, "--factories"), _new_file(html, "--html")
        asked = Asked.of(given, framework)
        options, schema = inspected(
            config,
            url=url,
            allow_remote=allow_remote,
            cache_dir=cache_dir,
            max_rows=max_rows,
            **asked.flags,
        )
        made = asked.plan(schema, options)
        source = _factory_source(schema, made) if factories is not None else None
        if target is not None and source is not None:
            _write_new(target, source)
        if page is not None:
            _write_new(page, _page(schema, made))
        wanted = source is None and not mermaid and page is None
        found = _estimated(url, options, schema, made) if estimate and (wanted or as_json or check) else None
        if as_json:
            said = plan_json(schema, made, found)
            print_json(said if source is None else {**said, "factories": source})
        else:
            _say(schema, made, found, source, [target, page], mermaid=mermaid, verbose=verbose)
        if check:
            refuse_oversize(made, options.max_rows, lambda: found, flag_prefix="--")


def _say(  # noqa: PLR0913  # one argument for each thing that is said
    schema: InspectedSchema,
    plan: SeedPlan,
    estimate: Estimate | None,
    source: str | None,
    written: list[Path | None],
    *,
    mermaid: bool,
    verbose: bool,
) -> None:
    from pytest_supaseed.reporting.planned import plan_json, plan_lines
    from pytest_supaseed.reporting.relation_chart import relation_chart

    if mermaid:
        for line in relation_chart(schema, plan):
            click.echo(line)
    elif source is not None and written[0] is None:
        click.echo(source, nl=False)
    elif not any(written):
        for line in plan_lines(plan_json(schema, plan, estimate), verbose=verbose):
            click.echo(line)
    for target in filter(None, written):
        click.echo(f"written: {target}")


def _estimated(url: str | None, options: Options, schema: InspectedSchema, plan: SeedPlan) -> Estimate:
    from pytest_supaseed.isolation.plan_estimate import estimate_of_database, estimate_of_project

    if url is not None:
        return estimate_of_database(url, options, schema, plan, source=options.source("url"))
    return estimate_of_project(schema, options, plan, on_wait=say_waiting)


def _new_file(name: str | None, option: str) -> Path | None:
    """The file to write; None for standard output, or where none is asked for.

    Raises:
        UsageError: the file is there already, or its folder is not.
    """
    if name is None or name == STANDARD_OUTPUT:
        return None
    target = Path(name)
    if target.exists():
        raise UsageError(
            f"{target} is there already; {option} writes a new file only.",
            remedies=["name another file", f"move {target} away first"],
        )
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent} to write {target.name} into.")
    return target


def _factory_source(schema: InspectedSchema, plan: SeedPlan) -> str:
    from pytest_supaseed.rows.factory_source import factory_source

    return factory_source(plan, schema.catalog)


def _page(schema: InspectedSchema, plan: SeedPlan) -> str:
    from pytest_supaseed.reporting.pages.page import report_html
    from pytest_supaseed.reporting.pages.page_data import ReportPage
    from pytest_supaseed.reporting.pages.plan_page import plan_page

    now = datetime.now().astimezone()
    page = plan_page(schema, plan)
    return report_html(ReportPage("Plan", f"{now:%Y-%m-%d %H:%M %Z}", version("pytest-supaseed"), (page,)))


def _write_new(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
