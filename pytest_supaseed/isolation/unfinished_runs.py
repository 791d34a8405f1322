"""Runs into a database of the user's own that did not come to their end, and whether they can go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from psycopg.rows import dict_row

from pytest_supaseed.errors import LoadError, UsageError
from pytest_supaseed.load.foreign_rows import count_foreign
from pytest_supaseed.load.ledger import has_ledger, run_digest
from pytest_supaseed.load.resumed_run import runs_going_on
from pytest_supaseed.plan.existing_users import DatabaseState, ExistingUsers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.plan.seed_plan import SeedPlan


@dataclass(frozen=True)
class UnfinishedRun:
    """A run that goes on where it was stopped.

    Args:
        id: its number.
        digest: of what its rows follow from.
        flags: what was asked for, as the command line wrote it.
        existing: rows that were in each table when it began, by OID.
        state: what else was there then.
    """

    id: int
    digest: str
    flags: Mapping[str, Any]
    existing: Mapping[int, int]
    state: DatabaseState | None

    @classmethod
    def from_json(cls, number: int, digest: str, asked: Mapping[str, Any]) -> Self:
        """Return what `asked_json` made, with the run's number and digest."""
        existing = {int(oid): rows for oid, rows in asked["existing"].items()}
        return cls(number, digest, asked["flags"], existing, _state(asked["state"]))

    def schema_then(self, schema: InspectedSchema) -> InspectedSchema:
        """Return the schema with what it held when the run began: the plan follows from that."""
        return replace(schema, existing=self.existing, state=self.state)


def asked_json(schema: InspectedSchema, flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a plan is made of, as plain values, for a run that goes on with it."""
    state = None if schema.state is None else asdict(schema.state)
    if state is not None:
        state["taken"] = sorted(state["taken"])
    return {
        "flags": flags,
        "existing": {str(oid): rows for oid, rows in schema.existing.items()},
        "state": state,
    }


def _state(data: Mapping[str, Any] | None) -> DatabaseState | None:
    if data is None:
        return None
    users = dict(data["users"])
    users["examples"] = tuple(users["examples"])
    users["skipped"] = tuple((why, count, tuple(some)) for why, count, some in users["skipped"])
    return DatabaseState(
        ExistingUsers(**users),
        data["first_row"],
        data["after"],
        frozenset(data["taken"]),
        tuple(data["unread"]),
    )


def unfinished_run(connection: psycopg.Connection[Any], number: int) -> UnfinishedRun:
    """Return a run that can go on.

    Raises:
        UsageError: there is no such run, or it is done.
        LoadError: another process goes on with it, or another run came after it.
    """
    runs: list[dict[str, Any]] = []
    if has_ledger(connection):
        with connection.cursor(row_factory=dict_row) as cursor:
            query = "select id, state, digest, asked from supaseed.runs order by id"
            runs = cursor.execute(query).fetchall()
    found = next((run for run in runs if run["id"] == number), None)
    if found is None or found["state"] == "done":
        why = "is done" if found is not None else "is not in the ledger"
        said = [f"run {run['id']}: {run['state']}" for run in runs] or ["no run at all"]
        raise UsageError(
            f"Run {number} {why}, so that there is nothing to go on with.",
            looked_at=said,
            remedies=["supaseed status lists the runs", "seed without --resume"],
        )
    if number in runs_going_on(connection):
        raise LoadError(
            f"Run {number} is still going on, in another process.",
            remedies=["wait for it to end, or press Ctrl-C there"],
        )
    later = [str(run["id"]) for run in runs if run["id"] > number]
    if later:
        raise LoadError(
            f"Run {later[0]} came after run {number}, whose rows would no longer be the same.",
            remedies=[
                *(f"take it out first: supaseed cleanup --run {one}" for one in later),
                f"or take run {number} out, and seed anew",
            ],
        )
    return UnfinishedRun.from_json(number, found["digest"], found["asked"])


def refuse_changes(
    connection: psycopg.Connection[Any], run: UnfinishedRun, schema: InspectedSchema, plan: SeedPlan
) -> None:
    """See that what a run's rows follow from is as it was when it began.

    Raises:
        LoadError: the plan or the schema is another one, or rows of others came or went in its tables.
    """
    anew = f"take it out by supaseed cleanup --run {run.id}, and seed anew"
    if run_digest(plan, schema.catalog) != run.digest:
        raise LoadError(
            f"Run {run.id} cannot go on: what its rows follow from is not as it was when it began.",
            looked_at=[
                "plan, schema, factories, settings, and the versions of the packages that make values"
            ],
            remedies=["undo what was changed since", anew],
        )
    changed = []
    for table in dict.fromkeys(part.table for part in plan.tables):
        then, now = run.existing.get(table.oid, 0), count_foreign(connection, table, run.id)
        if then != now:
            changed.append(f"{table.qualified}: {then:,} rows of others then, {now:,} now")
    if changed:
        raise LoadError(
            f"Run {run.id} cannot go on: rows of others came or went in its tables since it began.",
            looked_at=changed,
            remedies=[anew],
        )
