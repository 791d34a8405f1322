"""Where isolation is measured: a server, and a set of tables on it as every way to isolate wants it."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.isolation.pristine_rows import SCHEMA
from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.isolation.templates import open_store
from pytest_supaseed.options import resolve_options
from pytest_supaseed.platform.extensions import control_path
from pytest_supaseed.server.resolve import resolved_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.table_sets import TableSet
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class Ground:
    """A set of tables on a server.

    Args:
        tables: the set.
        path: its file of SQL.
        session: lends clones of the dataset.
        dataset: the set as a dataset of ours.
        store: makes the databases of the other ways.
        plain: a copy of the dataset in which nothing of ours is.
    """

    tables: TableSet
    path: Path
    session: SeedSession
    dataset: Dataset
    store: TemplateStore
    plain: str

    @property
    def owner(self) -> str:
        """Whose the databases are."""
        return self.store.endpoint.owner


@contextmanager
def open_endpoint(url: str | None) -> Iterator[Endpoint]:
    """The server of a URL; the plugin's own one when not given."""
    options = resolve_options({"url": url}, os.environ, None)
    with resolved_endpoint(options, control_path=control_path(), on_wait=_tell) as endpoint:
        yield endpoint


@contextmanager
def open_ground(endpoint: Endpoint, tables: TableSet) -> Iterator[Ground]:
    """Load a set of tables; nothing but the dataset's templates stays on the server."""
    run = f"benchmark{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "schema.sql"
        path.write_text(tables.to_sql(), encoding="utf-8")
        project = Project(path.parent, resolve_options({"users": "0"}, {}), [path.name])
        with (
            open_store(endpoint, run=run) as store,
            open_session(endpoint, project, run=run, on_wait=_tell) as session,
        ):
            names = session.table_map()
            dataset = session.dataset(names, session.plan(names))
            yield Ground(tables, path, session, dataset, store, _plain(store, dataset))


def _plain(store: TemplateStore, dataset: Dataset) -> str:
    name = store.new_name()
    store.clone(dataset.template, name, lasting=True)
    with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(SCHEMA)))
        connection.execute("checkpoint")
    return name


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
