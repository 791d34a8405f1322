"""`supaseed dump`: the dataset as SQL or CSV, for who loads it elsewhere."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import click

from pytest_supaseed.commands.asked import Asked, asking_rows
from pytest_supaseed.commands.conventions import (
    print_json,
    project_file,
    read_options,
    said_plainly,
    say_waiting,
    shared_options,
    verbose,
)
from pytest_supaseed.commands.inspection import looking
from pytest_supaseed.commands.seed_progress import progress_option, progress_shown
from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from pytest_supaseed.load.dump_statements import SqlForm
    from pytest_supaseed.load.dumped_tables import Dump
    from pytest_supaseed.options import Options

CSV, SUPABASE = "csv", "supabase"
FORMS = ("insert", "copy", CSV, SUPABASE)


@click.command()
@looking
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="insert",
    show_default=True,
    help="INSERTs for any client; COPY for psql; a folder of CSV; a supabase/seed.sql for its CLI.",
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The file to write, or the folder for csv.  [default: standard output]",
)
@click.option("--force", is_flag=True, help="Write anew what is there already.")
@click.option("--replica", is_flag=True, help="Switch triggers off by session_replication_role.")
@click.option("--run", type=int, metavar="N", help="With --url: one run, by its number.")
@asking_rows
@progress_option
@shared_options
@verbose
def dump(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    framework: str | None,
    allow_remote: bool,
    form: str,
    output: Path | None,
    force: bool,
    replica: bool,
    run: int | None,
    progress: str,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
    **given: Any,
) -> None:
    """Write the project's dataset as SQL or CSV; it is made where it is missing, as for a test run.

    It loads into the schema's own database, whose constraints hold meanwhile; rows that migrations made are
    not in it. With --url, what `supaseed seed` put into that database is written instead.
    """
    with said_plainly(as_json=as_json):
        asked = Asked.of(given, framework)
        _refuse_nonsense(form, output, url=url, run=run, as_json=as_json, asked=asked)
        remote = "true" if allow_remote else None
        options = read_options(config, url=url, allow_remote=remote, cache_dir=cache_dir, **asked.flags)
        if output is not None:
            _refuse_there(output, force=force)
        with _dumped(config, options, url, run, progress) as (found, known_as):
            triggers_off = replica or form == SUPABASE or _is_supabase(known_as)
            if form == CSV and output is not None:
                written = _write_folder(found, output)
            else:
                written = _write_sql(found, form, output, replica=triggers_off)
        if as_json:
            print_json({"written": str(output), **written})
        elif output is not None:
            click.echo(f"written: {output}, {len(written['tables']):,} tables", err=True)
        if verbose and not as_json:
            for table in written["tables"]:
                click.echo(f"  {table}", err=True)


def _refuse_nonsense(  # noqa: PLR0913  # one argument for each option that decides
    form: str, output: Path | None, *, url: str | None, run: int | None, as_json: bool, asked: Asked
) -> None:
    """See that the options make sense together.

    Raises:
        UsageError: they do not.
    """
    if form == CSV and output is None:
        raise UsageError("A folder of CSV files needs a name.", remedies=["-o dataset"])
    if as_json and output is None:
        raise UsageError("With --json, standard output is not for the dump.", remedies=["-o dataset.sql"])
    if run is not None and url is None:
        raise UsageError("--run is of a database that was seeded.", remedies=["name it by --url"])
    if url is not None and not asked.only_framework:
        raise UsageError(
            "What supaseed seed put into the database of --url is written as it is.",
            remedies=["leave out --users, --rows and what else says what to make"],
        )


def _refuse_there(output: Path, *, force: bool) -> None:
    """See that nothing is there, or may be written anew.

    Raises:
        UsageError: something is, or the folder that it would lie in is not.
    """
    if output.exists() and not force:
        raise UsageError(f"{output} is there already.", remedies=["name another", "--force writes it anew"])
    if output.is_dir() and not _is_dumped(output):
        raise UsageError(
            f"{output} is a folder that holds more than a dump: it is left alone.",
            remedies=["name another"],
        )
    if not output.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {output.absolute().parent} to write {output.name} into.")


def _is_dumped(folder: Path) -> bool:
    """Whether a folder holds a dump and nothing else: only such a one is written anew."""
    from pytest_supaseed.load.dump_folder import LIST

    names = {path.name for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
    return len(names) == len(list(folder.iterdir())) and (
        not names or (LIST in names and all(name == LIST or name.endswith(".csv") for name in names))
    )


def _is_supabase(framework: str) -> bool:
    from pytest_supaseed.mapping.frameworks import framework_named

    return framework_named(framework).is_or_extends("supabase")


def _dumped(
    config: Path | None, options: Options, url: str | None, run: int | None, progress: str
) -> AbstractContextManager[tuple[Dump, str]]:
    from pytest_supaseed.isolation.dumped_dataset import dataset_dump, runs_dump

    if url is not None:
        return runs_dump(url, options, run, source=options.source("url"))
    root = project_file(config).parent
    return dataset_dump(root, options, on_wait=say_waiting, progress=progress_shown(progress))


def _write_sql(found: Dump, form: str, output: Path | None, *, replica: bool) -> dict[str, Any]:
    from pytest_supaseed.load.dump_statements import SqlDump

    with _opened(output) as file:
        for piece in SqlDump(found, cast("SqlForm", form), replica=replica).lines():
            file.write(piece)
        file.flush()
    return {"tables": [one.table.qualified for one in found.tables]}


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """The file to write: a new one beside its place until it is whole, or standard output."""
    if output is None:
        yield sys.stdout.buffer
        return
    beside = output.with_name(f".{output.name}.{uuid4().hex[:8]}")
    try:
        with _plainly(output), beside.open("xb") as file:
            yield file
        with _plainly(output):
            beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _write_folder(found: Dump, output: Path) -> dict[str, Any]:
    from pytest_supaseed.load.dump_folder import write_folder

    beside = output.with_name(f".{output.name}.{uuid4().hex[:8]}")
    try:
        with _plainly(output):
            beside.mkdir()
            written = write_folder(found, beside)
            if output.is_dir():
                shutil.rmtree(output)
            beside.replace(output)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return {"tables": [one.table for one in written], "rows": sum(one.rows for one in written)}


@contextmanager
def _plainly(output: Path) -> Iterator[None]:
    """Say what the system says against writing.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.") from None
