"""The second level: a schema with seeded rows, as a template database under a digest of all that made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pytest_supaseed.isolation.oversized_plans import refuse_oversize
from pytest_supaseed.isolation.pristine_rows import Pristine, connect_keeper, keep_pristine
from pytest_supaseed.isolation.templates import Template, TemplateStore, package_digest, template_name
from pytest_supaseed.load.report import SeedReport
from pytest_supaseed.option import FLAG_PREFIX
from pytest_supaseed.option_values import MOST_ROWS
from pytest_supaseed.progress import Progress, unseen
from pytest_supaseed.rows.batches import AS_FITS, Batching

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.isolation.schema_templates import SchemaTemplate
    from pytest_supaseed.load.plan_sample import Estimate
    from pytest_supaseed.mapping.frameworks import Detection
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.server.endpoint import Endpoint

COUNTERS_SINCE = 15
"""The version of Postgres from which on the counters of written rows are exact."""


@dataclass(frozen=True)
class Loading:
    """How rows are loaded.

    Args:
        triggers: `skip` switches the schema's own triggers off meanwhile.
        strict: whether a table that holds fewer rows than planned is an error.
        rebuild: whether the dataset is made anew although it is there.
        max_rows: a plan of more rows is refused.
        batching: how many rows are committed at once; no row depends on it.
        progress: who is told what happens meanwhile.
    """

    triggers: Literal["fire", "skip"] = "fire"
    strict: bool = False
    rebuild: bool = False
    max_rows: int = MOST_ROWS
    batching: Batching = AS_FITS
    progress: Progress = unseen

    @classmethod
    def of(cls, options: Options, progress: Progress) -> Loading:
        """Return what a run's options say."""
        return cls(
            options.triggers,
            strict=options.strict,
            rebuild=options.rebuild,
            max_rows=options.max_rows,
            batching=Batching(options.batch_size, options.memory_limit),
            progress=progress,
        )


@dataclass(frozen=True)
class Dataset:
    """Seeded rows, kept as a template database, of which each test gets a clone.

    Args:
        template: the database.
        schema: the schema that the rows are in.
        detection: what the schema was recognised as.
        table_map: the logical names.
        plan: what was planned.
        report: what became of it, when the dataset was made.
    """

    template: Template
    schema: SchemaTemplate
    detection: Detection
    table_map: TableMap
    plan: SeedPlan
    report: SeedReport

    @property
    def name(self) -> str:
        """The template database's name."""
        return self.template.name

    @property
    def built(self) -> bool:
        """Whether this process made it; otherwise it was there."""
        return self.template.built

    @cached_property
    def pristine(self) -> Pristine | None:
        """What its clones are put back by; None where the server does not allow that."""
        kept = self.template.content["pristine"]
        return None if kept is None else Pristine.from_json(kept)

    @property
    def catalog(self) -> Catalog:
        """What the database holds."""
        return self.schema.catalog


def ensure_dataset(  # noqa: PLR0913  # one argument for each thing that a dataset is made of
    store: TemplateStore,
    schema: SchemaTemplate,
    detection: Detection,
    table_map: TableMap,
    plan: SeedPlan,
    *,
    loading: Loading,
    on_wait: Callable[[], None],
) -> Dataset:
    """Return the dataset of a plan; make it where it is missing.

    Raises:
        LoadError: a part that the plan requires could not be loaded.
        UsageError: the plan is larger than what is allowed.
    """

    def estimated() -> Estimate:
        from pytest_supaseed.isolation.plan_estimate import estimate_of_template

        return estimate_of_template(store, schema, table_map, plan)

    refuse_oversize(plan, loading.max_rows, estimated, flag_prefix=FLAG_PREFIX)
    name = template_name(
        "dataset",
        package_digest(),
        schema.template.name,
        table_map.to_json(),
        plan.digest(),
        loading.triggers,
        *_versions(plan),
    )

    def build(working: str) -> dict[str, Any]:
        from pytest_supaseed.load.seed_run import seed_database

        store.clone(schema.template, working, lasting=True)
        with loading.progress() as listener:
            report = seed_database(
                store.endpoint.conninfo(working),
                catalog=schema.catalog,
                table_map=table_map,
                plan=plan,
                owner=schema.endpoint.owner,
                triggers=loading.triggers,
                batching=loading.batching,
                on_event=listener,
            )
        return {
            "report": report.to_json(),
            "settings": schema.template.content["settings"],
            "owner": schema.endpoint.owner,
            "pristine": _kept(store.endpoint, working),
            "unlogged": schema.template.content["unlogged"],
        }

    template = store.ensure(name, build, rebuild=loading.rebuild, on_wait=on_wait)
    report = SeedReport.from_json(template.content["report"])
    if loading.strict:
        from pytest_supaseed.load.part_reports import refuse_shortfalls

        refuse_shortfalls(plan, report)
    return Dataset(template, schema, detection, table_map, plan, report)


def _kept(endpoint: Endpoint, name: str) -> dict[str, Any] | None:
    """What clones are put back by; None where they can't be: by no superuser, and before Postgres 15.

    To put rows back, triggers have to be off, foreign keys' too, which is a superuser's right.
    """
    if endpoint.major < COUNTERS_SINCE or not endpoint.is_superuser:
        return None
    with connect_keeper(endpoint.conninfo(name)) as keeper:
        return keep_pristine(keeper).to_json()


def _versions(plan: SeedPlan) -> list[str]:
    """What rows depend on besides the plan: the libraries, and the source of factories that are not ours."""
    from importlib.metadata import version

    from pytest_supaseed.rows.framework_factories import sources_of_frameworks

    return [
        *(f"{name} {version(name)}" for name in ("faker", "factory-boy")),
        *(f"{factory.name} {factory.source}" for factory in plan.factories),
        *(f"{name} {source}" for name, source in sources_of_frameworks(plan)),
    ]
