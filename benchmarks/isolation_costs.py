"""What isolation costs a test, by what the test does and how it is isolated: all in one run, in turns."""

from __future__ import annotations

import statistics
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from benchmarks.isolated_bodies import BODIES, Tables
from benchmarks.isolation_ways import (
    AmongOthers,
    Cloned,
    Janitored,
    Lent,
    Reloaded,
    janitored_template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import psycopg

    from benchmarks.isolation_ground import Ground
    from benchmarks.isolation_ways import Cost, Way
    from benchmarks.table_sets import TableSet

    Bodies = Mapping[str, Callable[[psycopg.Connection[Any]], None]]

ROUNDS_BEFORE = 2
"""At most so many rounds count for nothing: from the first replaced clone on there is a spare."""
NOT_UNDONE = {("truncate", "alter")}
"""A way that does not undo what a test does."""


def measure_costs(ground: Ground, rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """What isolation costs, by way and kind of test: milliseconds.

    In each round every way isolates a test of every kind, so that what else the machine does hits all alike.
    It does so twice, and the second time counts: what the ways before it did to other databases empties the
    caches of all of Postgres's backends, as no test of a suite does.

    Args:
        ground: the tables.
        rounds: how often.
    """
    found: dict[tuple[str, str], list[Cost]] = {}
    bodies = _bodies(ground.tables)
    with ExitStack() as stack:
        ways = _ways(ground, stack)
        for number in range(-min(ROUNDS_BEFORE, rounds), rounds):
            for kind, body in bodies.items():
                for name, way in ways.items():
                    if (name, kind) not in NOT_UNDONE:
                        way.cost(body)
                        cost = way.cost(body)
                        if number >= 0:
                            found.setdefault((name, kind), []).append(cost)
    return {
        name: {kind: _figures(found[name, kind]) for kind in bodies if (name, kind) in found} for name in ways
    }


def _bodies(tables: TableSet) -> Bodies:
    """The kinds of tests, on the first group of tables, and those to three tables on the others too."""
    first, *others = tables.grouped_names
    kinds = {name: _on(first, body) for name, body in BODIES.items()}
    for group in others:
        kinds["commit3_large"] = _on(group, BODIES["commit3"])
    return kinds


def _on(
    names: tuple[str, ...], body: Callable[[psycopg.Connection[Any], Tables], None]
) -> Callable[[psycopg.Connection[Any]], None]:
    tables = Tables.of(names)
    return lambda connection: body(connection, tables)


def _ways(ground: Ground, stack: ExitStack) -> dict[str, Way]:
    session, dataset, store = ground.session, ground.dataset, ground.store
    cloned = Cloned(store, ground.plain, ground.owner)
    conninfo = store.endpoint.conninfo(cloned.copy())
    template = stack.enter_context(janitored_template(store, ground.path))
    return {
        "clone": cloned,
        "restore": stack.enter_context(closing(Lent(session, dataset, "restore"))),
        "restore_among_others": stack.enter_context(closing(AmongOthers(session, dataset, store.registry))),
        "rollback": stack.enter_context(closing(Lent(session, dataset, "rollback"))),
        "clone_mode": stack.enter_context(closing(Lent(session, dataset, "clone"))),
        "truncate": stack.enter_context(closing(Reloaded(conninfo, ground.tables.names))),
        "pytest_postgresql": Janitored(store, template),
    }


def _figures(costs: Iterable[Cost]) -> dict[str, float]:
    """Median and 95th percentile of what tests waited for; the median of all that was done."""
    waited, whole = zip(*((1e3 * cost.waited, 1e3 * cost.whole) for cost in costs), strict=True)
    return {
        "median_ms": round(statistics.median(waited), 3),
        "p95_ms": round(percentile_95(waited), 3),
        "whole_median_ms": round(statistics.median(whole), 3),
    }


def percentile_95(figures: tuple[float, ...]) -> float:
    """The 95th percentile; of a single figure that one."""
    return statistics.quantiles(figures, n=20, method="inclusive")[-1] if len(figures) > 1 else figures[0]
