"""A session: everything between the options and a test's database, each step made once."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import GuessedNameWarning, MappingError, SupaseedError
from pytest_supaseed.isolation.connection_ends import waiting_backends
from pytest_supaseed.isolation.datasets import Dataset, Loading, ensure_dataset
from pytest_supaseed.isolation.isolation_costs import IsolationCosts
from pytest_supaseed.isolation.kept_databases import KeptDatabases
from pytest_supaseed.isolation.lenders import Lenders
from pytest_supaseed.isolation.look_alikes import look_alike, no_schema
from pytest_supaseed.isolation.names_in_force import names_in_force, request_in_force, users_in_force
from pytest_supaseed.isolation.open_connections import warn_of_open
from pytest_supaseed.isolation.rolled_back import RolledBackDatabase
from pytest_supaseed.isolation.schema_templates import SchemaRequest, SchemaTemplate, ensure_schema
from pytest_supaseed.isolation.seed_recording import SeedRecording
from pytest_supaseed.isolation.seeded_database import SeededDatabase
from pytest_supaseed.isolation.seedings import Seeding
from pytest_supaseed.isolation.templates import TemplateStore, open_store
from pytest_supaseed.mapping.frameworks import Detection, detect, framework_named
from pytest_supaseed.mapping.table_map import TableMap, warn_of_guess
from pytest_supaseed.plan.email_places import email_places
from pytest_supaseed.plan.existing_users import USERS, DatabaseState
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.platform.schema_sources import SchemaSources, find_sources
from pytest_supaseed.platform.supabase_names import names_supabase
from pytest_supaseed.progress import Progress, unseen
from pytest_supaseed.rows.current import MAIN_DATABASE, database_named
from pytest_supaseed.server.login_keys import read_owner_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg

    from pytest_supaseed.isolation.lending import Lender
    from pytest_supaseed.isolation.open_connections import OpenConnection
    from pytest_supaseed.isolation.templates import Template
    from pytest_supaseed.mapping.name_lookup import Resolution
    from pytest_supaseed.option_values import IsolationMode
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
    from pytest_supaseed.plan.user_factories import UserFactory
    from pytest_supaseed.server.endpoint import Endpoint
    from pytest_supaseed.server.scram import LoginKeys


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
        progress: shows how a seeding goes on.
    """

    def __init__(
        self,
        store: TemplateStore,
        project: Project,
        *,
        on_wait: Callable[[str], None],
        progress: Progress = unseen,
    ) -> None:
        self._store = store
        self._keys: dict[str, LoginKeys | None] = {}
        self._options = project.options
        self._sources = project.sources()
        self._root = project.root
        self._on_wait = on_wait
        self._progress = progress
        self._schemas: dict[object, SchemaTemplate] = {}
        self._detections: dict[tuple[str, str | None], Detection] = {}
        self._guesses: set[str] = set()
        self._states: dict[tuple[str, ...], DatabaseState] = {}
        self._datasets: list[tuple[Options, Dataset]] = []
        self.seedings: list[Seeding] = []
        self.costs = IsolationCosts()
        self._lenders = Lenders(store, self.costs.undone)
        self.kept = KeptDatabases(store)

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
        framework = framework_named(options.framework) if options.framework else None
        sources = self._sources
        if sources is None and framework is not None:
            sources = look_alike(self._root, framework)
        if sources is None:
            raise no_schema(self._root, framework)
        platform = names_supabase(sources) if framework is None else framework.is_or_extends("supabase")
        return SchemaRequest(sources, platform, options.extensions)

    def detection(self, options: Options | None = None) -> Detection:
        """Return what the schema is recognised as."""
        asked = options or self._options
        schema = self.schema(asked)
        key = (schema.template.name, asked.framework)
        if key not in self._detections:
            self._detections[key] = detect(schema.catalog, explicit=asked.framework)
        return self._detections[key]

    def table_map(self, options: Options | None = None) -> TableMap:
        """Return the table map of the schema."""
        asked = options or self._options
        return names_in_force(
            self.schema(asked).catalog, self.detection(asked), asked, on_guess=self._say_guess
        )

    def _say_guess(self, guess: Resolution) -> None:
        """Warn of a guess, once: tests with other options may guess the same."""
        if str(guess) in self._guesses:
            return
        try:
            warn_of_guess(guess)
        except GuessedNameWarning as warning:  # where warnings are errors
            raise MappingError(str(warning)) from None
        self._guesses.add(str(guess))

    def plan(self, table_map: TableMap, options: Options | None = None) -> SeedPlan:
        """Return the plan for the options."""
        asked = options or self._options
        schema = self.schema(asked)
        return make_plan(
            schema.catalog,
            table_map.framework,
            table_map,
            replace(request_in_force(asked, table_map), factories=self._user_factories(asked)),
            existing=schema.existing,
            state=self.state(table_map, asked),
        )

    def state(self, table_map: TableMap, options: Options | None = None) -> DatabaseState:
        """Return the users and addresses that migrations made.

        They are looked at in a copy, and only where there are any: nobody connects to a template.

        Raises:
            UsageError: `existing-users` names an unknown column.
        """
        asked = options or self._options
        schema, wanted = self.schema(asked), users_in_force(asked)
        users = table_map.resolve(USERS) if table_map.has(USERS) else None
        places = {table.oid for table, _ in email_places(schema.catalog, users)}
        if not places & schema.existing.keys() and not asked.existing_users:
            return DatabaseState()
        key = (schema.template.name, str(table_map.to_json()), str(wanted))
        if key not in self._states:
            self._states[key] = self._read_state(schema, table_map, wanted)
        return self._states[key]

    def _read_state(self, schema: SchemaTemplate, table_map: TableMap, wanted: SeedRequest) -> DatabaseState:
        from pytest_supaseed.load.database_state import read_state
        from pytest_supaseed.server.settled_sessions import settled

        with (
            self._copied(schema.template) as copied,
            settled(
                self.endpoint.conninfo(copied, as_owner=True), autocommit=False, own_role=True
            ) as connection,
        ):
            return read_state(connection, schema.catalog, table_map, wanted, schema.existing)

    @contextmanager
    def _copied(self, template: Template) -> Iterator[str]:
        """A copy of a template, to look into: nobody connects to a template."""
        copied = self._store.new_name()
        self._store.clone(template, copied)
        try:
            yield copied
        finally:
            self._store.drop(copied)

    def _owner_keys(self, endpoint: Endpoint) -> LoginKeys | None:
        if endpoint.owner not in self._keys:
            self._keys[endpoint.owner] = read_owner_keys(self._store.registry, endpoint)
        return self._keys[endpoint.owner]

    @contextmanager
    def looked_into(self, dataset: Dataset) -> Iterator[psycopg.Connection]:
        """Give a connection to a copy of a dataset, as the server's own login, that writes nothing."""
        from pytest_supaseed.server.settled_sessions import settled

        with (
            self._copied(dataset.template) as copied,
            settled(self.endpoint.conninfo(copied), autocommit=False, own_role=True) as connection,
        ):
            connection.read_only = True
            yield connection

    def _user_factories(self, options: Options) -> tuple[UserFactory, ...]:
        """The factories of the modules that the options name; they are imported when first asked for."""
        if not options.factories:
            return ()
        from pytest_supaseed.rows.factory_modules import load_factories

        return load_factories(options.factories, self._root)

    def dataset(self, table_map: TableMap, plan: SeedPlan, options: Options | None = None) -> Dataset:
        """Return the dataset of a plan; what became of it is among `seedings`, be it an error."""
        asked = options or self._options
        schema, detection, recording = self.schema(asked), self.detection(asked), SeedRecording()
        seeding = partial(Seeding, schema, detection, table_map, plan)
        try:
            dataset = ensure_dataset(
                self._store,
                schema,
                detection,
                table_map,
                plan,
                loading=Loading.of(asked, recording.beside(self._progress)),
                on_wait=partial(self._on_wait, "waiting for another process that seeds the dataset"),
            )
        except SupaseedError as error:
            self.seedings.append(seeding(tuple(recording.heard), error=error))
            raise
        self.seedings.append(seeding(tuple(recording.heard), dataset))
        return dataset

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
    def clone(
        self,
        dataset: Dataset,
        *,
        test: str,
        name: str = MAIN_DATABASE,
        isolation: IsolationMode | None = None,
    ) -> Iterator[SeededDatabase]:
        """Lend a database that is as the dataset, in which factories write while the context lasts.

        Args:
            dataset: what it is a copy of.
            test: the test's id; rows that are made in the test are drawn from it.
            name: what factories call it in `Meta.database`, where a test uses several.
            isolation: how it is undone; as the options say when not given.

        Raises:
            DatasetError: the server makes no copy.
        """
        mode = isolation or self._options.isolation
        begun = time.perf_counter()
        lender = self._lenders.of(mode, dataset)
        lent = lender.lend(dataset)
        kind = RolledBackDatabase if mode == "rollback" else SeededDatabase
        database = kind(
            dataset.schema.endpoint,
            lent,
            dataset,
            test=test,
            jwt_secret=self._options.jwt_secret,
            keys=self._owner_keys(dataset.schema.endpoint),
        )
        try:
            self.costs.lent(lent, test, mode, time.perf_counter() - begun)
            with database_named(name, lambda: database.factory_rows):
                yield database
        finally:
            # A forked child may come by here; it has nothing to give back.
            left_open = self._taken_back(lender, database, dataset, test) if self._lenders.is_own else []
        warn_of_open(test, left_open)

    def _taken_back(
        self, lender: Lender, database: SeededDatabase, dataset: Dataset, test: str
    ) -> list[OpenConnection]:
        lent, begun, left_open = database.name, time.perf_counter(), []
        ending = waiting_backends(database.opened)
        try:
            lender.look(lent, ending)
        finally:
            database.close()
        if is_kept := self.kept.is_chosen(lent):
            lender.give_up(lent)
            self.kept.set_aside(lent, test=test, dataset=dataset.name, closing=ending)
        else:
            left_open = lender.take_back(lent, ending)
        restores = dataset.pristine is not None
        self.costs.returned(lent, time.perf_counter() - begun, kept=is_kept, restores=restores)
        return left_open

    def keep(self, database: SeededDatabase) -> str | None:
        """Keep a test's database when the test ends, and return its name then; None where there are too many.

        Args:
            database: what `clone` gave, while it is lent.
        """
        return self.kept.choose(database.name)

    def close(self) -> None:
        """Disconnect from what is lent no more; the databases go with the run."""
        self._lenders.close()


@contextmanager
def open_session(
    endpoint: Endpoint,
    project: Project,
    *,
    run: str,
    on_wait: Callable[[str], None],
    progress: Progress = unseen,
) -> Iterator[SeedSession]:
    """Open a session on an endpoint; in the end nothing is left of it but templates.

    Args:
        endpoint: the server.
        project: what is seeded.
        run: the name of the test run, the same for all workers of it.
        on_wait: told what is waited for.
        progress: shows how a seeding goes on.

    Raises:
        SchemaError: the project's schema names what is not there.
        EndpointError: the login may not create databases.
    """
    with open_store(endpoint, run=run, cache_limit=project.options.cache_limit) as store:
        session = SeedSession(store, project, on_wait=on_wait, progress=progress)
        try:
            yield session
        finally:
            session.close()
