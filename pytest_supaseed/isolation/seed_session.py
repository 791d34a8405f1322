"""A session: everything between the options and a test's database, each step made once."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from psycopg.rows import tuple_row

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.isolation.datasets import Dataset, Loading, ensure_dataset
from pytest_supaseed.isolation.schema_templates import SchemaRequest, SchemaTemplate, ensure_schema
from pytest_supaseed.isolation.seeded_database import SeededDatabase
from pytest_supaseed.isolation.templates import TemplateStore, open_store
from pytest_supaseed.mapping.frameworks import Detection, detect, framework_named
from pytest_supaseed.mapping.table_map import TableMap, build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
from pytest_supaseed.platform.bundled import BUNDLED, bundled_schema
from pytest_supaseed.platform.schema_sources import SchemaSources, find_sources
from pytest_supaseed.platform.supabase_names import names_supabase
from pytest_supaseed.rows.current import current_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.options import Options
    from pytest_supaseed.server.endpoint import Endpoint

CLOSING_SECONDS = 0.1
"""How long a dropped database's backends may take to go; DROP itself would then wait in steps of 100 ms."""


@dataclass(frozen=True)
class Project:
    """What is seeded.

    Args:
        root: the project's folder, from which relative paths count.
        options: what was asked for.
        schema: sources as `find_sources` returns them, or what it takes: paths, patterns, functions.
    """

    root: Path
    options: Options
    schema: Any

    def sources(self) -> SchemaSources | None:
        """Return the schema sources; None where the project has none.

        Raises:
            SchemaError: `schema` names what is not there.
        """
        if isinstance(self.schema, SchemaSources | None):
            return self.schema
        listed = list(self.schema) if isinstance(self.schema, list | tuple) else [self.schema]
        return find_sources(self.root, listed)


class SeedSession:
    """Makes datasets and clones them; made by `open_session`.

    Args:
        store: the templates of the endpoint.
        project: what is seeded.
        on_wait: told what is waited for.
    """

    def __init__(self, store: TemplateStore, project: Project, *, on_wait: Callable[[str], None]) -> None:
        self._store = store
        self._options = project.options
        self._sources = project.sources()
        self._root = project.root
        self._on_wait = on_wait
        self._schemas: dict[object, SchemaTemplate] = {}
        self._datasets: list[tuple[Options, Dataset]] = []

    @property
    def endpoint(self) -> Endpoint:
        """The server."""
        return self._store.endpoint

    def schema(self, options: Options | None = None) -> SchemaTemplate:
        """Return the schema template: of the project's sources, else of the framework that was asked for.

        Raises:
            SchemaError: there is neither, or a source cannot be run.
        """
        asked = options or self._options
        request = self._schema_request(asked)
        key = (request.sources.digest(), request.platform)
        if key not in self._schemas:
            self._schemas[key] = ensure_schema(
                self._store,
                request,
                rebuild=asked.rebuild,
                on_wait=partial(self._on_wait, "waiting for another process that makes the schema"),
            )
        return self._schemas[key]

    def _schema_request(self, options: Options) -> SchemaRequest:
        framework = framework_named(options.framework).name if options.framework else None
        sources = self._sources
        if sources is None and framework in BUNDLED:
            sources = _look_alike(self._root, framework)
        if sources is None:
            raise _no_schema(self._root, framework)
        platform = names_supabase(sources) if framework is None else framework != "postgres"
        return SchemaRequest(sources, platform, options.extensions)

    def detection(self, options: Options | None = None) -> Detection:
        """Return what the schema is recognised as."""
        asked = options or self._options
        return detect(self.schema(asked).catalog, explicit=asked.framework)

    def table_map(self, options: Options | None = None) -> TableMap:
        """Return the table map of the schema."""
        asked = options or self._options
        return build_table_map(
            self.schema(asked).catalog,
            self.detection(asked).framework,
            tables=asked.tables,
            columns=asked.columns,
        )

    def plan(self, table_map: TableMap, options: Options | None = None) -> SeedPlan:
        """Return the plan for the options."""
        asked = options or self._options
        schema = self.schema(asked)
        return make_plan(
            schema.catalog,
            table_map.framework,
            table_map,
            SeedRequest(asked.users, asked.seed, asked.rows),
            existing=schema.existing,
        )

    def dataset(self, table_map: TableMap, plan: SeedPlan, options: Options | None = None) -> Dataset:
        """Return the dataset of a plan."""
        asked = options or self._options
        return ensure_dataset(
            self._store,
            self.schema(asked),
            self.detection(asked),
            table_map,
            plan,
            loading=Loading(asked.triggers, strict=asked.strict, rebuild=asked.rebuild),
            on_wait=partial(self._on_wait, "waiting for another process that seeds the dataset"),
        )

    def dataset_for(self, options: Options) -> Dataset:
        """Return the dataset for other options than the session's."""
        for known, dataset in self._datasets:
            if known == options:
                return dataset
        table_map = self.table_map(options)
        dataset = self.dataset(table_map, self.plan(table_map, options), options)
        self._datasets.append((options, dataset))
        return dataset

    @contextmanager
    def clone(self, dataset: Dataset, *, test: str) -> Iterator[SeededDatabase]:
        """Give a database of its own, in which factories write while the context lasts.

        Args:
            dataset: what it is a copy of.
            test: the test's id; rows that are made in the test are drawn from it.
        """
        name = self._store.new_name()
        self._store.clone(dataset.template, name)
        database = SeededDatabase(
            self.endpoint, name, dataset, test=test, jwt_secret=self._options.jwt_secret
        )
        token = current_database.set(database)
        try:
            yield database
        finally:
            current_database.reset(token)
            database.close()
            self._await_backends(name)
            self._store.drop(name)

    def _await_backends(self, name: str) -> None:
        """Wait until closed connections have really gone, which takes a millisecond or two."""
        deadline = time.monotonic() + CLOSING_SECONDS
        query = "select exists (select from pg_catalog.pg_stat_activity where datname = %s)"
        while time.monotonic() < deadline:
            with self._store.registry.cursor(row_factory=tuple_row) as cursor:
                row: Any = cursor.execute(query, (name,)).fetchone()
            if not row[0]:
                return
            time.sleep(0.001)


def _look_alike(root: Path, framework: str) -> SchemaSources | None:
    found = find_sources(root, [bundled_schema(framework)])
    return found and replace(found, origin=f"look-alike of {framework} that comes with this package")


def _no_schema(root: Path, framework: str | None) -> SchemaError:
    return SchemaError(
        "There is no schema to seed.",
        looked_at=[
            "schema in [tool.supaseed], --supaseed-schema, SUPASEED_SCHEMA: not given",
            f"{root / 'supabase' / 'migrations'}: no such folder, or no migration in it",
            f"{root / 'apps' / '*' / 'supabase' / 'migrations'}: likewise",
            f"framework: {framework or 'not given'}; look-alikes are bundled of {', '.join(BUNDLED)}",
        ],
        remedies=[
            'say where the tables come from: schema = ["db/*.sql"] in [tool.supaseed] of pyproject.toml',
            "try it with a look-alike: --supaseed-framework=makerkit, or @pytest.mark.makerkit on the test",
        ],
    )


@contextmanager
def open_session(
    endpoint: Endpoint, project: Project, *, run: str, on_wait: Callable[[str], None]
) -> Iterator[SeedSession]:
    """Open a session on an endpoint; in the end nothing is left of it but templates.

    Args:
        endpoint: the server.
        project: what is seeded.
        run: the name of the test run, the same for all workers of it.
        on_wait: told what is waited for.

    Raises:
        SchemaError: the project's schema names what is not there.
        EndpointError: the login may not create databases.
    """
    with open_store(endpoint, run=run) as store:
        yield SeedSession(store, project, on_wait=on_wait)
