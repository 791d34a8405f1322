"""What is dumped: the project's dataset, made where it is missing; or what runs put into a database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING
from uuid import uuid4

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.dumped_tables import dump_of_dataset, dump_of_runs, read_known
from pytest_supaseed.progress import Progress, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.load.dumped_tables import Dump, KnownRows
    from pytest_supaseed.options import Options


@contextmanager
def dataset_dump(
    root: Path, options: Options, *, on_wait: Callable[[str], None], progress: Progress = unseen
) -> Iterator[tuple[Dump, str]]:
    """Give the dump of the project's dataset, and the framework's name.

    Rows that the migrations made are not dumped: they are there where it is loaded.

    Args:
        root: the project's folder.
        options: those that a run would have.
        on_wait: told what is waited for.
        progress: shows how a seeding goes on.

    Raises:
        SupaseedError: the dataset cannot be made.
    """
    from pytest_supaseed.isolation.seed_session import Project, open_session
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.resolve import resolved_endpoint

    project = Project(root, options, options.schema)
    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=on_wait) as endpoint,
        open_session(endpoint, project, run=uuid4().hex, on_wait=on_wait, progress=progress) as session,
    ):
        dataset = session.dataset_for(options)
        known = _known(session, options)
        catalog = dataset.schema.catalog
        title = _title(f"{options.users} users, seed {options.seed!r}")
        with session.looked_into(dataset) as connection:
            made = _made_since(catalog, introspect(connection))
            yield dump_of_dataset(connection, catalog, known, made, title), dataset.detection.framework


def _known(session: SeedSession, options: Options) -> dict[int, KnownRows]:
    """The rows of the schema alone, which is a dataset too."""
    schema = session.schema(options)
    if not schema.existing:
        return {}
    alone = session.dataset_for(replace(options, users=0, rows={}, user_strategy="create", additional=None))
    with session.looked_into(alone) as connection:
        return read_known(connection, schema.catalog)


def _made_since(before: Catalog, after: Catalog) -> list[tuple[Table, Table]]:
    """The partitions that were made while rows were loaded, each with its parent."""
    there = {table.oid for table in before.tables}
    return [
        (table, after.by_oid[table.parent_oids[0]])
        for table in after.tables
        if table.is_partition and table.oid not in there
    ]


@contextmanager
def runs_dump(url: str, options: Options, run: int | None, *, source: str) -> Iterator[tuple[Dump, str]]:
    """Give the dump of what runs of `supaseed seed` put into a database, and the framework's name.

    Args:
        url: the database; it is only read.
        options: those that say what its tables are.
        run: one run's number; all runs when not given.
        source: who said the URL, for messages.

    Raises:
        EndpointError: the server cannot be reached or refuses the login.
        LoadError: nothing was seeded there, or not by that run.
    """
    from pytest_supaseed.mapping.frameworks import detect
    from pytest_supaseed.server.existing import read_only_connection

    with (
        read_only_connection(url, source=source, allow_remote=options.allow_remote) as connection,
        connection.transaction(force_rollback=True),  # settings go with it: a pooler's next client has none
    ):
        catalog = introspect(connection)
        name = connection.info.dbname
        said = f"run {run}" if run is not None else "supaseed seed"
        dump = dump_of_runs(connection, catalog, run, _title(f"what {said} put into database {name!r}"))
        if not dump.tables:
            raise LoadError(
                f"Database {name} holds no row of {said}.",
                looked_at=["its ledger: the schema supaseed"],
                remedies=[
                    "supaseed status lists the runs",
                    "without --url, the project's own dataset is dumped",
                ],
            )
        yield dump, detect(catalog, explicit=options.framework).framework


def _title(what: str) -> str:
    """One line for the head of a file: no text of a user's may end a comment."""
    return " ".join(f"made by pytest-supaseed {version('pytest-supaseed')}: {what}".split())
