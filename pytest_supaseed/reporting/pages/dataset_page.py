"""What the report shows of a dataset, made from its plan, its report and what was read of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.sampled_rows import counted_children
from pytest_supaseed.reporting.pages.column_profile import children_page, column_page, sample_rows
from pytest_supaseed.reporting.pages.page_data import (
    DatasetPage,
    FailurePage,
    KeyPage,
    LoadSample,
    PartPage,
    TablePage,
)
from pytest_supaseed.reporting.seed_progress import SeedState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table
    from pytest_supaseed.errors import SupaseedError
    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.isolation.seedings import Seeding
    from pytest_supaseed.load.report import PartReport
    from pytest_supaseed.load.sampled_rows import SampledTable
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.progress import ProgressEvent

LOAD_SAMPLES = 200
"""Points of a curve: one for two pixels of a phone."""
MANY_TABLES = 150
"""From here on fewer rows of each table are shown: nobody reads them all, and each reader loads them."""
_HOLDS_ROWS = frozenset({TableKind.TABLE, TableKind.PARTITIONED})

SampledTables = dict[int, "SampledTable"]
"""By a table's OID: what was read of it."""


def shown_tables(catalog: Catalog, plan: SeedPlan | None = None) -> tuple[Table, ...]:
    """Return the tables of a report, by name: the project's own, what is planned, and what those refer to.

    Args:
        catalog: what the database holds.
        plan: what is planned for it, where something is.
    """
    holding = {table.oid: table for table in catalog.tables if _holds_own_rows(table)}
    own = {oid for oid, table in holding.items() if table.schema not in catalog.platform_schemas}
    planned = {part.table.oid for part in plan.tables} if plan is not None else set()
    shown = (own | planned) & holding.keys()
    referred = {key.target_oid for oid in shown for key in holding[oid].foreign_keys} & holding.keys()
    return tuple(sorted((holding[oid] for oid in shown | referred), key=lambda table: table.qualified))


def _holds_own_rows(table: Table) -> bool:
    return table.kind in _HOLDS_ROWS and not table.is_partition and table.extension is None


def seeding_page(seeding: Seeding, sampled: Mapping[int, SampledTable], server: str) -> DatasetPage:
    """Return what is to be shown of a seeding.

    Args:
        seeding: the plan, and what became of it.
        sampled: by OID, what was read of the tables; empty where the seeding failed.
        server: title of the endpoint.
    """
    plan, dataset = seeding.plan, seeding.dataset
    report = dataset.report if dataset is not None else None
    tables = _Tables(seeding.schema.catalog, seeding.table_map, sampled, plan)
    return DatasetPage(
        name=dataset.name if dataset is not None else "",
        server=server,
        origin=seeding.schema.origin,
        framework=seeding.detection.describe(),
        tables=tables.pages(),
        keys=tuple(tables.keys()),
        parts=_parts(plan, report.parts if report is not None else ()),
        users=plan.users,
        seed=plan.seed,
        built=dataset is not None and dataset.built,
        seconds=report.seconds if report is not None else 0.0,
        peak_mib=report.peak_mib if report is not None else 0.0,
        load=load_samples(seeding.heard),
        notes=(*seeding.schema.notes, *(report.notes if report is not None else ())),
        failure=None if seeding.error is None else failure_page(seeding.error),
    )


def database_page(name: str, schema: InspectedSchema, sampled: Mapping[int, SampledTable]) -> DatasetPage:
    """Return what is to be shown of a database that is there: nothing is planned for it."""
    tables = _Tables(schema.catalog, schema.table_map, sampled)
    return DatasetPage(
        name=name,
        server=schema.server,
        origin=schema.origin,
        framework=schema.detection.describe(),
        tables=tables.pages(),
        keys=tuple(tables.keys()),
        notes=schema.notes,
    )


def failure_page(error: SupaseedError) -> FailurePage:
    """Return what is to be shown of an error."""
    return FailurePage(error.summary, error.looked_at, error.remedies)


def load_samples(
    heard: Sequence[tuple[float, ProgressEvent]], most: int = LOAD_SAMPLES
) -> tuple[LoadSample, ...]:
    """Return how far a seeding was, at not too many moments; the first and the last are among them.

    Args:
        heard: its events, with their seconds.
        most: how many moments at most.
    """
    state, samples = SeedState(clock=float), []
    for seconds, event in heard:
        state.hear(event)
        samples.append(LoadSample(round(seconds, 3), state.rows, state.memory))
    if len(samples) <= most:
        return tuple(samples)
    return tuple(samples[round(at * (len(samples) - 1) / (most - 1))] for at in range(most))


@dataclass(frozen=True)
class _Tables:
    """The tables of a page, and the keys between them."""

    catalog: Catalog
    table_map: TableMap
    sampled: Mapping[int, SampledTable]
    plan: SeedPlan | None = None

    def pages(self) -> tuple[TablePage, ...]:
        shown = shown_tables(self.catalog, self.plan)
        reasons = {one.table.oid: one.reason for one in self.plan.unplanned} if self.plan is not None else {}
        rows = 2 if len(shown) > MANY_TABLES else 5
        return tuple(self._page(table, reasons.get(table.oid, ""), rows) for table in shown)

    def _page(self, table: Table, unplanned: str, rows: int) -> TablePage:
        found = self.sampled.get(table.oid)
        columns = {column.name: column for column in found.columns} if found is not None else {}
        names = [name for name in self.table_map.logical_names(table) if name != table.name]
        return TablePage(
            name=table.qualified,
            schema=table.schema,
            logical=", ".join(names),
            rows=found.rows if found is not None else None,
            is_estimate=found is not None and found.is_estimate,
            looked_at=found.size if found is not None else 0,
            columns=tuple(column_page(table, column, columns.get(column.name)) for column in table.columns),
            samples=sample_rows(found.columns, rows) if found is not None else (),
            unplanned=unplanned,
            note=found.problem if found is not None else "",
        )

    def keys(self) -> Iterator[KeyPage]:
        shown = {table.oid: table for table in shown_tables(self.catalog, self.plan)}
        counted = counted_children(self.sampled.values())
        for table in shown.values():
            for key in table.foreign_keys:
                if key.target_oid in shown:
                    yield self._key(table, key, counted.get(key.oid))

    def _key(self, table: Table, key: ForeignKey, counts: Sequence[tuple[int, int]] | None) -> KeyPage:
        parent = self.sampled.get(key.target_oid)
        parents = parent.rows if parent is not None else None
        return KeyPage(
            child=table.qualified,
            parent=f"{key.target_schema}.{key.target_table}",
            columns=key.columns,
            optional=any(not _is_required(table, name) for name in key.columns),
            is_cut=self.plan is not None and key.oid in self.plan.cut_keys,
            children=children_page(counts, parents) if counts is not None and parents is not None else None,
        )


def _is_required(table: Table, name: str) -> bool:
    column = table.by_name[name]
    return column.not_null or column.type.rejects_null


def _parts(plan: SeedPlan, reports: Sequence[PartReport]) -> tuple[PartPage, ...]:
    found = {(part.qualified, part.part): part for part in reports}
    return tuple(_part(part, found.get((part.table.qualified, part.part))) for part in plan.tables)


def _part(part: TablePlan, report: PartReport | None) -> PartPage:
    how = f"made by triggers of {part.adopted_from}" if part.adopted_from else part.factory
    per = f", {part.children}" if part.children is not None else ""
    if report is None:
        return PartPage(part.table.qualified, part.label, part.rows, how + per, note=part.note)
    return PartPage(
        table=part.table.qualified,
        label=part.label,
        planned=report.planned,
        how=how + per,
        loaded=report.loaded,
        seconds=report.seconds,
        note=report.note or part.note,
        reason=report.reason,
        constraint=report.constraint,
        sample=report.sample,
        remedy=report.remedy,
        refused=report.refused,
    )
