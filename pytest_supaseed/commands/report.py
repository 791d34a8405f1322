"""`supaseed report`: one HTML file that shows what a dataset, or a database that is there, holds."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from pytest_supaseed.commands.conventions import (
    print_json,
    project_file,
    read_options,
    said_plainly,
    say_waiting,
    shared_options,
)
from pytest_supaseed.commands.inspection import looking
from pytest_supaseed.commands.seed_progress import progress_option, progress_shown
from pytest_supaseed.errors import SupaseedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.options import Options
    from pytest_supaseed.progress import Progress
    from pytest_supaseed.reporting.pages.page_data import DatasetPage, ReportPage

DEFAULT_FILE = "report.html"


@click.command()
@looking
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help=f"The file to write, anew if it is there.  [default: {DEFAULT_FILE}]",
)
@click.option("--users", metavar="N", help="How many users; everything else follows.  [default: 10]")
@click.option(
    "--rows", metavar="TABLE=N", multiple=True, help="The exact number of rows of a table; may be repeated."
)
@click.option("--seed", metavar="TEXT", help="Any text; the same seed gives the same rows.")
@progress_option
@shared_options
def report(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    framework: str | None,
    allow_remote: bool,
    output: str | None,
    users: str | None,
    rows: Sequence[str],
    seed: str | None,
    progress: str,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
) -> None:
    """Write an HTML page of tables, relations, distributions and sample rows.

    Without --url it shows the project's dataset, which is made where it is missing, as for a test run. With
    it, that database is shown as it is, and nothing is written to it.
    """
    with said_plainly(as_json=as_json):
        options = read_options(
            config,
            url=url,
            framework=framework,
            allow_remote="true" if allow_remote else None,
            cache_dir=cache_dir,
            users=users,
            rows=",".join(rows) or None,
            seed=seed,
        )
        target = None if as_json and output is None else _target(output or DEFAULT_FILE)
        root = project_file(config).parent
        error: SupaseedError | None = None
        if url is not None:
            datasets = [_of_database(url, options)]
        else:
            datasets, error = _of_project(root, options, progress_shown(progress))
        page = _page(root.name, datasets)
        if target is not None:
            _write(target, page)
        if error is not None:
            raise error
        if as_json:
            print_json({"written": None if target is None else str(target), **page.to_json()})
        else:
            click.echo(f"written: {target}")


def _target(output: str) -> Path:
    """The file to write.

    Raises:
        UsageError: it is a folder, or its folder is not there.
    """
    target = Path(output)
    if target.is_dir():
        raise UsageError(f"{target} is a folder.", remedies=[f"name a file: -o {target / DEFAULT_FILE}"])
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent} to write {target.name} into.")
    return target


def _page(title: str, datasets: Sequence[DatasetPage]) -> ReportPage:
    from pytest_supaseed.reporting.pages.page_data import ReportPage

    now = datetime.now().astimezone()
    return ReportPage(title, f"{now:%Y-%m-%d %H:%M %Z}", version("pytest-supaseed"), tuple(datasets))


def _of_project(
    root: Path, options: Options, progress: Progress
) -> tuple[list[DatasetPage], SupaseedError | None]:
    """What there is to show of the project's dataset; where it cannot be made, the plan, and the error."""
    from pytest_supaseed.isolation.seed_session import Project, open_session
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.reporting.pages.session_pages import dataset_pages
    from pytest_supaseed.server.resolve import resolved_endpoint

    project = Project(root, options, options.schema)
    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=say_waiting) as endpoint,
        open_session(endpoint, project, run=uuid4().hex, on_wait=say_waiting, progress=progress) as session,
    ):
        try:
            session.dataset_for(options)
        except SupaseedError as error:
            if not session.seedings:
                raise
            return dataset_pages(session), error
        return dataset_pages(session), None


def _of_database(url: str, options: Options) -> DatasetPage:
    from pytest_supaseed.isolation.inspected_schema import inspect_database
    from pytest_supaseed.reporting.pages.dataset_page import database_page, shown_tables
    from pytest_supaseed.reporting.pages.session_pages import sampled_tables
    from pytest_supaseed.server.existing import read_only_connection

    source = options.source("url")
    schema = inspect_database(url, options, source=source)
    tables = shown_tables(schema.catalog)
    with read_only_connection(url, source=source, allow_remote=options.allow_remote) as connection:
        return database_page(connection.info.dbname, schema, sampled_tables(connection, tables))


def _write(target: Path, page: ReportPage) -> None:
    from pytest_supaseed.reporting.pages.page import report_html

    try:
        target.write_text(report_html(page), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
