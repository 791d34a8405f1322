"""What the tests' databases have cost: in all, by what it took to undo them, and the most expensive tests."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.charts import duration
from pytest_supaseed.reporting.pages.markup import Markup, element, isolated, joined
from pytest_supaseed.reporting.sections import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.reporting.pages.page_data import CostPage

SLOWEST = 20
"""Tests that are named."""
_SHOWN = 0.00005
"""Seconds: less is 0.0 ms."""
_MEANINGS = {
    "untouched": "they only read",
    "put back": "what they wrote was undone row by row",
    "replaced": "they changed what cannot be put back: the database was made anew",
    "dropped": "each had a database of its own",
    "shared": "they had one database together, to read",
    "kept": "they failed, and their database is kept",
    "": "nobody needed the database after them: nothing was undone",
}


def cost_section(costs: Sequence[CostPage]) -> Markup:
    """Return the costs of all tests.

    Args:
        costs: in any order, at least one.
    """
    total = sum(cost.seconds for cost in costs)
    middle = median(cost.seconds for cost in costs)
    said = (
        f"{counted(len(costs), 'database')} lent: {duration(total)} in all, and {duration(middle)} or less"
        " for half of them."
        " A database is got, closed after the test, and undone when the next test asks for one."
    )
    slowest = sorted(costs, key=lambda cost: (-cost.seconds, cost.test))[:SLOWEST]
    return joined(
        [
            element("p", said),
            _outcomes(costs),
            element("h3", "The slowest" if len(costs) > SLOWEST else "All of them, the slowest first"),
            element("ol", *(_test(cost, slowest[0].seconds) for cost in slowest), class_="tests"),
        ]
    )


def _outcomes(costs: Sequence[CostPage]) -> Markup:
    groups: dict[str, list[CostPage]] = {}
    for cost in costs:
        groups.setdefault(cost.outcome.partition(":")[0], []).append(cost)
    titles = ("Afterwards", "Tests", "In all", "Each")
    head = element("tr", *(element("th", title, scope="col") for title in titles))
    rows = (_outcome(name, groups[name]) for name in sorted(groups, key=lambda name: -len(groups[name])))
    body = element("table", element("thead", head), element("tbody", *rows), class_="plan")
    return element("div", body, class_="s", tabindex=0, role="group", aria_label="Costs by what was undone")


def _outcome(name: str, costs: Sequence[CostPage]) -> Markup:
    meaning = _MEANINGS.get(name, "")
    seconds = sum(cost.seconds for cost in costs)
    return element(
        "tr",
        element("th", name or "left", element("span", f" {meaning}", class_="m"), scope="row"),
        element("td", f"{len(costs):,}"),
        element("td", duration(seconds)),
        element("td", duration(seconds / len(costs))),
    )


def _test(cost: CostPage, most: float) -> Markup:
    steps = {"getting": cost.set_up, "closing": cost.tear_down, "undoing": cost.undo}
    said = [f"{duration(seconds)} {step}" for step, seconds in steps.items() if seconds >= _SHOWN]
    parts = [cost.isolation, *said, cost.outcome]
    return element(
        "li",
        element("span", isolated(cost.test)),
        element("b", duration(cost.seconds)),
        element("div", isolated(" \N{MIDDLE DOT} ".join(filter(None, parts))), class_="m"),
        style=f"--w:{100 * cost.seconds / max(most, 1e-9):.3g}%",
    )
