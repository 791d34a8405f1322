"""The fixtures: each a few lines. A project overrides any link of the chain by a fixture of the same name."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from pytest_supaseed.errors import EndpointError, SupaseedError, SupaseedWarning
from pytest_supaseed.run_state import LENT_KEY, OPTIONS_KEY, RECORDS_KEY, REPORT_KEY, RUNS_KEY
from pytest_supaseed.terminal import progress_shown, teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.platform.schema_sources import SchemaSources
    from pytest_supaseed.server.endpoint import Endpoint


@contextmanager
def _said_plainly() -> Iterator[None]:
    """An error of ours is its whole message: a traceback through our code would only hide it.

    So is Ctrl-C. It may fall on an instruction of no line (a loop's jump back, in CPython 3.11), on which
    pytest's own report of a traceback stumbles: the run would end without it, and nothing be torn down.
    """
    try:
        yield
    except (SupaseedError, SupaseedWarning) as error:  # a warning where warnings are errors
        _fail(error)
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None


def _fail(error: SupaseedError | SupaseedWarning) -> NoReturn:
    raise pytest.fail.Exception(str(error), pytrace=False) from None  # alone: not as the sequel of another


@pytest.fixture(scope="session")
def supaseed_endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    """The server: by URL, by a named process fixture, embedded, or installed, in this order."""
    options = request.config.stash[OPTIONS_KEY]
    with ExitStack() as stack:
        with _said_plainly():
            if options.url is None and options.postgresql is not None:
                endpoint = _endpoint_of_fixture(request, options.postgresql)
            else:
                from pytest_supaseed.platform.extensions import control_path
                from pytest_supaseed.preload import load_session
                from pytest_supaseed.server.resolve import resolved_endpoint

                endpoint = stack.enter_context(
                    resolved_endpoint(
                        options,
                        control_path=control_path(),
                        on_wait=teller(request.config),
                        meanwhile=load_session,
                    )
                )
        yield endpoint


def _endpoint_of_fixture(request: pytest.FixtureRequest, name: str) -> Endpoint:
    from pytest_supaseed.server.existing import endpoint_from_process

    try:
        process = request.getfixturevalue(name)
    except pytest.FixtureLookupError:
        raise EndpointError(
            f"The option postgresql names the fixture {name}, and there is none of that name.",
            looked_at=["the fixtures of conftest.py and of installed plugins, as the session sees them"],
            remedies=[
                f"in conftest.py: {name} = pytest_postgresql.factories.postgresql_proc()",
                "leave the option out to use a server of our own",
            ],
        ) from None
    return endpoint_from_process(process, name=name)


@pytest.fixture(scope="session")
def supaseed_process(supaseed_endpoint: Endpoint) -> Any:
    """The server as pytest-postgresql's own fixtures want it: let `postgresql_proc` return this one."""
    from pytest_supaseed.server.process_fixture import process_for

    return process_for(supaseed_endpoint)


@pytest.fixture(scope="session")
def supaseed_schema(request: pytest.FixtureRequest) -> SchemaSources | None:
    """Where the tables come from. Override it to return folders, files, patterns or functions."""
    from pytest_supaseed.platform.schema_sources import find_sources

    with _said_plainly():
        return find_sources(request.config.rootpath, request.config.stash[OPTIONS_KEY].schema)


@pytest.fixture(scope="session")
def supaseed_run(
    request: pytest.FixtureRequest, supaseed_endpoint: Endpoint, supaseed_schema: object
) -> Iterator[SeedSession]:
    """What makes datasets and clones them, for as long as the session lasts."""
    from pytest_supaseed.isolation.seed_session import Project, open_session

    config = request.config
    with ExitStack() as stack:
        with _said_plainly():
            session = stack.enter_context(
                open_session(
                    supaseed_endpoint,
                    Project(config.rootpath, config.stash[OPTIONS_KEY], supaseed_schema),
                    run=_run_name(config),
                    on_wait=teller(config),
                    progress=progress_shown(config),
                )
            )
        yield session
        _record_run(config, session)
        if REPORT_KEY in config.stash:
            config.stash[REPORT_KEY].add_session(session)


def _record_run(config: pytest.Config, session: SeedSession) -> None:
    from pytest_supaseed.reporting.run_record import RunRecord

    config.stash[RUNS_KEY].append(RunRecord.of(session))


def _run_name(config: pytest.Config) -> str:
    """One name for all workers of a run, which xdist gives them; a run without workers has one of its own."""
    from uuid import uuid4

    given: dict[str, str] = getattr(config, "workerinput", {})
    return given.get("testrunuid") or uuid4().hex


@pytest.fixture(scope="session")
def supaseed_table_map(supaseed_run: SeedSession) -> TableMap:
    """Logical names and the tables that they stand for."""
    with _said_plainly():
        return supaseed_run.table_map()


@pytest.fixture(scope="session")
def supaseed_plan(supaseed_run: SeedSession, supaseed_table_map: TableMap) -> SeedPlan:
    """Which tables get how many rows, in which order."""
    with _said_plainly():
        return supaseed_run.plan(supaseed_table_map)


@pytest.fixture(scope="session")
def supaseed_dataset(
    supaseed_run: SeedSession, supaseed_table_map: TableMap, supaseed_plan: SeedPlan
) -> Dataset:
    """The seeded rows, as a template database."""
    with _said_plainly():
        return supaseed_run.dataset(supaseed_table_map, supaseed_plan)


@pytest.fixture
def supaseed_db(request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A database of this test's own, with the project's schema and seeded rows."""
    yield from _lent(request)


@pytest.fixture(scope="class")
def supaseed_db_class(request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A database for all tests of a class, one after another; it is undone after the last of them."""
    yield from _lent(request)


@pytest.fixture(scope="module")
def supaseed_db_module(request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A database for all tests of a module, one after another; it is undone after the last of them."""
    yield from _lent(request)


def _lent(request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A database for as long as the fixture lives, as the markers of its test, class or module ask."""
    from pytest_supaseed.markers import wanted_by

    node = request.node
    with _said_plainly(), ExitStack() as stack:
        wanted = wanted_by(node.nodeid, node.iter_markers())
        run: SeedSession = request.getfixturevalue("supaseed_run")
        dataset: Dataset = (
            run.dataset_for(wanted.over(request.config.stash[OPTIONS_KEY]))
            if wanted.is_of_data
            else request.getfixturevalue("supaseed_dataset")
        )
        database = stack.enter_context(run.clone(dataset, test=node.nodeid, isolation=wanted.isolation))
        _record(request.config, run, dataset)
        lent = node.stash.setdefault(LENT_KEY, [])
        lent.append((run, database))
        yield database
        lent.remove((run, database))


def _record(config: pytest.Config, run: SeedSession, dataset: Dataset) -> None:
    from pytest_supaseed.reporting.summary import DatasetRecord

    records = config.stash[RECORDS_KEY]
    if all(record.name != dataset.name for record in records):
        records.append(DatasetRecord.of(dataset, run.endpoint))
