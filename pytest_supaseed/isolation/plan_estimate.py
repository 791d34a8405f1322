"""What a plan would take, measured on a sample: loaded into a copy of the schema, or made alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.plan_sample import Estimate, estimate, loaded_samples, made_samples, sample_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.isolation.schema_templates import SchemaTemplate
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan


def estimate_of_database(
    url: str, options: Options, schema: InspectedSchema, plan: SeedPlan, *, source: str
) -> Estimate:
    """Return what a plan would take, by rows that are made: the database is only read.

    Args:
        url: the database.
        options: `allow_remote` is read.
        schema: what it holds.
        plan: the plan.
        source: who said the URL, for messages.
    """
    from pytest_supaseed.load.stored_rows import key_reader
    from pytest_supaseed.server.existing import read_only_connection

    with (
        read_only_connection(url, source=source, allow_remote=options.allow_remote) as connection,
        connection.transaction(),
    ):
        samples = made_samples(sample_of(plan), schema.catalog, schema.table_map, key_reader(connection))
    return estimate(plan, samples, "made")


def estimate_of_template(
    store: TemplateStore, schema: SchemaTemplate, table_map: TableMap, plan: SeedPlan
) -> Estimate:
    """Return what a plan would take, by rows that are made; the keys that are there are read in a copy.

    Args:
        store: the templates.
        schema: the schema.
        table_map: resolves logical names.
        plan: the plan.
    """
    from pytest_supaseed.load.stored_rows import key_reader
    from pytest_supaseed.server.settled_sessions import settled

    copied = store.new_name()
    store.clone(schema.template, copied)
    try:
        with settled(store.endpoint.conninfo(copied), autocommit=False, own_role=True) as connection:
            samples = made_samples(sample_of(plan), schema.catalog, table_map, key_reader(connection))
    finally:
        store.drop(copied)
    return estimate(plan, samples, "made")


def estimate_of_project(
    schema: InspectedSchema, options: Options, plan: SeedPlan, *, on_wait: Callable[[str], None]
) -> Estimate:
    """Return what a plan would take, by rows that are loaded into a copy of the project's schema.

    Args:
        schema: the project's schema.
        options: those that a run would have.
        plan: the plan.
        on_wait: told what is waited for.

    Raises:
        SupaseedError: no server can be had.
    """
    from pytest_supaseed.isolation.seed_session import Project, open_session
    from pytest_supaseed.load.seed_run import seed_database
    from pytest_supaseed.load.stored_rows import key_reader
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.resolve import resolved_endpoint
    from pytest_supaseed.server.settled_sessions import settled

    sample = sample_of(plan)
    project = Project(schema.root, options, options.schema)
    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=on_wait) as endpoint,
        open_session(endpoint, project, run=uuid4().hex, on_wait=on_wait) as session,
    ):
        alone = replace(options, users=0, rows={}, user_strategy="create", additional=None)
        with session.clone(session.dataset_for(alone), test="estimate", isolation="clone") as copy:
            conninfo = endpoint.conninfo(copy.name)
            report: SeedReport | None
            try:
                report = seed_database(
                    conninfo,
                    catalog=schema.catalog,
                    table_map=schema.table_map,
                    plan=sample,
                    owner=session.schema(options).endpoint.owner,
                    triggers=options.triggers,
                )
            except LoadError:  # whoever loads the plan is told why; rows that are made tell something too
                report = None
            with settled(conninfo, autocommit=False, own_role=True) as connection:
                if report is not None:
                    return estimate(plan, loaded_samples(connection, sample, report), "loaded")
                samples = made_samples(sample, schema.catalog, schema.table_map, key_reader(connection))
                return estimate(plan, samples, "made")
