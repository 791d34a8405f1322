"""`supaseed seed`: rows for a database of the user's own, written down so that they can go again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pytest_supaseed.commands.asked import Asked, asking, max_rows
from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.own import agreed, allow_remote, assent, own_database, own_url
from pytest_supaseed.commands.seed_progress import progress_option, progress_shown
from pytest_supaseed.commands.stopping import stopped_by_ctrl_c
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.isolation.own_database import OwnDatabase
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.plan.seed_plan import SeedPlan


@click.command()
@own_url
@allow_remote
@click.option("--framework", help="What the schema is, where that is not recognised.")
@asking
@click.option("--batch-size", metavar="N", help="Rows that are committed at once.  [default: auto]")
@click.option("--memory-limit", metavar="SIZE", help="Memory that may be added.  [default: 512MB]")
@click.option("--dry-run", is_flag=True, help="Do all of it, and roll it back.")
@click.option("--resume", type=int, metavar="RUN", help="Go on with a run that was stopped, or failed.")
@click.option("--beside-existing", is_flag=True, help="Allow tables that hold rows of others.")
@click.option("--allow-production", is_flag=True, help="Allow a database that is marked as production.")
@max_rows
@progress_option
@assent
@shared_options
@verbose
def seed(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    allow_remote: bool,
    framework: str | None,
    batch_size: str | None,
    memory_limit: str | None,
    dry_run: bool,
    resume: int | None,
    beside_existing: bool,
    allow_production: bool,
    max_rows: str | None,
    progress: str,
    yes: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
    **given: Any,
) -> None:
    """Seed the database of --url, after showing the plan and asking.

    What is there already stays as it is. Every row is written down in the schema `supaseed` of the database:
    `supaseed cleanup` deletes exactly these. Where a table got fewer rows than planned, the exit code is 1.
    Ctrl-C stops after the open batch; --resume goes on from there.
    """
    from pytest_supaseed.isolation.own_database import Allowed
    from pytest_supaseed.reporting.planned import plan_json, plan_lines

    with said_plainly(as_json=as_json):
        flags: dict[str, Any] = {
            "allow_remote": allow_remote,
            "cache_dir": cache_dir,
            "batch_size": batch_size,
            "memory_limit": memory_limit,
            "max_rows": max_rows,
        }
        asked = Asked.of(given, framework)
        request = _Request(config, url, flags, asked)
        seeding = request.begun() if resume is None else request.taken_up(resume, dry_run=dry_run)
        seeding.database.refuse_oversize(seeding.schema, seeding.plan)
        seeding.database.refuse_production(
            seeding.schema, seeding.plan, Allowed(allow_production, beside_existing or resume is not None)
        )
        planned = plan_json(seeding.schema, seeding.plan)
        if not as_json:
            for line in plan_lines(planned, verbose=verbose):
                click.echo(line)
        if not agreed(_question(seeding, dry_run=dry_run), yes=yes, as_json=as_json):
            click.echo("nothing was written")
            return
        report = seeding.load(progress, dry_run=dry_run)
    if as_json:
        print_json({"plan": planned, "report": report.to_json(), "dry_run": dry_run})
    else:
        for line in _report_lines(report, dry_run=dry_run, verbose=verbose):
            click.echo(line)
    if any(part.loaded < part.planned for part in report.parts):
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class _Seeding:
    """What is about to be loaded into which database."""

    database: OwnDatabase
    schema: InspectedSchema
    plan: SeedPlan
    asked: Asked
    resumes: int | None = None

    def load(self, progress: str, *, dry_run: bool) -> SeedReport:
        from pytest_supaseed.isolation.unfinished_runs import asked_json
        from pytest_supaseed.load.ledger import LedgerRun

        with stopped_by_ctrl_c() as stop:
            ledger_run = LedgerRun(
                asked_json(self.schema, self.asked.to_json()), self.resumes, rehearsed=dry_run, stop=stop
            )
            return self.database.seed(self.schema, self.plan, progress_shown(progress), ledger_run=ledger_run)


@dataclass(frozen=True)
class _Request:
    """The command line, and where settings come from."""

    config: Path | None
    url: str | None
    flags: dict[str, Any]
    asked: Asked

    def begun(self) -> _Seeding:
        """A run of its own."""
        options, database = own_database(self.config, url=self.url, **self.flags, **self.asked.flags)
        schema = database.inspect()
        return _Seeding(database, schema, self.asked.plan(schema, options), self.asked)

    def taken_up(self, run: int, *, dry_run: bool) -> _Seeding:
        """A run that another process began.

        Raises:
            UsageError: something else is asked for beside it; there is no such run, or it is done.
            LoadError: it cannot go on.
        """
        if dry_run or not self.asked.is_empty:
            raise UsageError(
                "--resume goes on with what a run was asked for, and takes no more wishes.",
                remedies=["leave out what else says what to load, and --dry-run"],
            )
        _, database = own_database(self.config, url=self.url, **self.flags)
        unfinished = database.unfinished(run)
        asked = Asked.from_json(unfinished.flags)
        options, database = own_database(self.config, url=self.url, **self.flags, **asked.flags)
        schema = unfinished.schema_then(database.inspect())
        plan = asked.plan(schema, options)
        database.refuse_changes(unfinished, schema, plan)
        return _Seeding(database, schema, plan, asked, run)


def _question(seeding: _Seeding, *, dry_run: bool) -> str:
    if seeding.resumes is not None:
        return f"Go on with run {seeding.resumes}, of {seeding.plan.total:,} rows in all?"
    if dry_run:
        return f"Load {seeding.plan.total:,} rows into this database, and roll them back?"
    return f"Load {seeding.plan.total:,} rows into this database?"


def _report_lines(report: SeedReport, *, dry_run: bool, verbose: bool) -> Iterator[str]:
    yield f"loaded: {report.rows_total:,} rows in {report.seconds:.2f} s"
    for part in report.shortfalls:
        yield f"  {'FAILED  ' if part.loaded < part.planned else ''}{part.qualified}: {part.note}"
    if verbose:
        yield from (f"  {note}" for note in report.notes)
    if dry_run:
        yield "rolled back: nothing of it is left"
    else:
        yield "supaseed cleanup takes them out again"
