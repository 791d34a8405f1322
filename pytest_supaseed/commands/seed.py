"""`supaseed seed`: rows for a database of the user's own, written down so that they can go again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.own import agreed, allow_remote, assent, own_database, own_url
from pytest_supaseed.commands.seed_progress import progress_option, progress_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_supaseed.load.report import SeedReport


@click.command()
@own_url
@allow_remote
@click.option("--framework", help="What the schema is, where that is not recognised.")
@click.option("--users", metavar="N", help="How many users; everything else follows.  [default: 10]")
@click.option(
    "--rows", metavar="TABLE=N", multiple=True, help="The exact number of rows of a table; may be repeated."
)
@click.option("--seed", metavar="TEXT", help="Any text; the same seed gives the same rows.")
@click.option("--user-strategy", metavar="NAME", help="create, existing or hybrid.  [default: create]")
@click.option("--triggers", metavar="MODE", help="fire or skip.  [default: fire]")
@click.option("--batch-size", metavar="N", help="Rows that are committed at once.  [default: auto]")
@click.option("--memory-limit", metavar="SIZE", help="Memory that may be added.  [default: 512MB]")
@progress_option
@assent
@shared_options
@verbose
def seed(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    allow_remote: bool,
    framework: str | None,
    users: str | None,
    rows: Sequence[str],
    seed: str | None,
    user_strategy: str | None,
    triggers: str | None,
    batch_size: str | None,
    memory_limit: str | None,
    progress: str,
    yes: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Seed the database of --url, after showing the plan and asking.

    What is there already stays as it is. Every row is written down in the schema `supaseed` of the database:
    `supaseed cleanup` deletes exactly these. Where a table got fewer rows than planned, the exit code is 1.
    """
    from pytest_supaseed.reporting.planned import plan_json, plan_lines

    with said_plainly(as_json=as_json):
        options, database = own_database(
            config,
            url=url,
            allow_remote=allow_remote,
            framework=framework,
            cache_dir=cache_dir,
            users=users,
            rows=",".join(rows) or None,
            seed=seed,
            user_strategy=user_strategy,
            triggers=triggers,
            batch_size=batch_size,
            memory_limit=memory_limit,
        )
        schema = database.inspect()
        plan = schema.plan(options)
        planned = plan_json(schema, plan)
        if not as_json:
            for line in plan_lines(planned, verbose=verbose):
                click.echo(line)
        if not agreed(f"Load {plan.total:,} rows into this database?", yes=yes, as_json=as_json):
            click.echo("nothing was written")
            return
        report = database.seed(schema, plan, progress_shown(progress))
    if as_json:
        print_json({"plan": planned, "report": report.to_json()})
    else:
        for line in _report_lines(report, verbose=verbose):
            click.echo(line)
    if any(part.loaded < part.planned for part in report.parts):
        raise click.exceptions.Exit(1)


def _report_lines(report: SeedReport, *, verbose: bool) -> Iterator[str]:
    yield f"loaded: {report.rows_total:,} rows in {report.seconds:.2f} s"
    for part in report.shortfalls:
        yield f"  {'FAILED  ' if part.loaded < part.planned else ''}{part.qualified}: {part.note}"
    if verbose:
        yield from (f"  {note}" for note in report.notes)
    yield "supaseed cleanup takes them out again"
