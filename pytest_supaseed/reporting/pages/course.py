"""How a dataset came to be: problems, the plan and what became of it, rows and memory over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.charts import curve, duration
from pytest_supaseed.reporting.pages.markup import Markup, element, isolated, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_supaseed.reporting.pages.names import ShownNames
    from pytest_supaseed.reporting.pages.page_data import DatasetPage, FailurePage, LoadSample, PartPage

_MIB = 1024 * 1024
PROBLEMS_SHOWN = 10
"""A schema of which nothing fits must not bury the rest of the page."""
SLOWEST = 6
"""Parts whose time is drawn."""
_WORTH_DRAWING = 0.05
"""Seconds: of a shorter seeding, curves show the machine's moods."""


def failure(found: FailurePage) -> Markup:
    """Return an error: what happened, what was looked at, what to do."""
    return element(
        "div",
        element("p", element("b", isolated(found.summary))),
        *_listed("What was looked at", found.looked_at),
        *_listed("What to do", found.remedies),
        class_="bad",
    )


def _listed(title: str, lines: Sequence[str]) -> list[Markup]:
    if not lines:
        return []
    return [
        element("p", title, class_="m"),
        element("ul", *(element("li", isolated(line)) for line in lines)),
    ]


def problems(page: DatasetPage, names: ShownNames) -> list[Markup]:
    """Return the parts that hold other than the planned rows, and why; none where all is well.

    Of many, the rest stands in a closed block.
    """
    found = [part for part in page.parts if part.loaded is not None and (part.note or part.reason)]
    found.sort(key=lambda part: not part.falls_short)
    drawn = [_problem(part, names) for part in found]
    rest = drawn[PROBLEMS_SHOWN:]
    if not rest:
        return drawn
    more = element("details", element("summary", element("span", f"{len(rest):,} more")), *rest)
    return [*drawn[:PROBLEMS_SHOWN], more]


def _problem(part: PartPage, names: ShownNames) -> Markup:
    facts = [
        ("Postgres said", part.reason),
        ("Constraint", part.constraint),
        ("Row", part.sample),
        ("Remedy", part.remedy),
        ("Rows refused", f"{part.refused:,}" if part.refused else ""),
    ]
    listed = [joined([element("dt", name), element("dd", isolated(text))]) for name, text in facts if text]
    return element(
        "div",
        element("p", element("b", names.link(part.table)), f": {part.loaded:,} of {part.planned:,} rows"),
        element("p", isolated(part.note)) if part.note else None,
        element("dl", *listed) if listed else None,
        class_="bad" if part.falls_short else "odd",
    )


def loading(page: DatasetPage) -> Markup:
    """Return rows and memory over time, and the parts that took longest."""
    parts = sorted((part for part in page.parts if part.loaded), key=lambda part: -part.seconds)
    return joined([_pace(page), _curves(page.load), _slowest(parts[:SLOWEST])])


def _pace(page: DatasetPage) -> Markup:
    if page.failure is not None:
        return element("p", "It ended with the error above.")
    rows = sum(part.loaded or 0 for part in page.parts)
    speed = f", {rows / page.seconds:,.0f} rows a second" if page.seconds > 0 else ""
    memory = f"; this process took {page.peak_mib:,.0f} MiB at most" if page.peak_mib else ""
    said = f"{rows:,} rows in {duration(page.seconds)}{speed}{memory}."
    if page.built:
        return element("p", said)
    return element("p", f"The dataset was there already. When it was made: {said}")


def _curves(samples: Sequence[LoadSample]) -> Markup | None:
    if len(samples) < 2 or samples[-1].seconds < _WORTH_DRAWING:  # noqa: PLR2004  # a line has two ends
        return None
    end = duration(samples[-1].seconds)
    rows = [(sample.seconds, float(sample.rows)) for sample in samples]
    figures = [_figure("Rows sent", f"{samples[-1].rows:,}", rows, end)]
    known = [(sample.seconds, sample.memory / _MIB) for sample in samples if sample.memory]
    if known:
        most = f"{max(value for _, value in known):,.0f} MiB at most"
        figures.append(_figure("Memory of this process", most, known, end))
    return element("div", *figures, class_="pair")


def _figure(title: str, most: str, points: Sequence[tuple[float, float]], end: str) -> Markup:
    return element(
        "figure",
        element("figcaption", title, " ", element("b", most)),
        curve(points, f"{title} over {end}: {most}"),
        element("div", element("span", "0 s"), element("span", end), class_="x"),
    )


def _slowest(parts: Sequence[PartPage]) -> Markup | None:
    if not parts or not parts[0].seconds:
        return None
    lines = (
        element(
            "li",
            isolated(part.label),
            element("b", duration(part.seconds)),
            style=f"--w:{100 * part.seconds / parts[0].seconds:.3g}%",
        )
        for part in parts
    )
    return joined([element("h4", "What took longest"), element("ol", *lines, class_="v wide")])


def plan(page: DatasetPage, names: ShownNames) -> Markup:
    """Return the plan as a table, in the order of loading."""
    titles = ("Table", "Planned", "Loaded", "Time", "Made by")
    head = element("tr", *(element("th", title, scope="col") for title in titles))
    rows = (_row(part, names) for part in page.parts)
    body = element("table", element("thead", head), element("tbody", *rows), class_="plan")
    return element("div", body, class_="s", tabindex=0, role="group", aria_label="The plan, in order")


def _row(part: PartPage, names: ShownNames) -> Markup:
    loaded = "\N{EN DASH}" if part.loaded is None else f"{part.loaded:,}"
    label = "" if part.label == part.table else part.label.removeprefix(_bare(part.table)).strip()
    return element(
        "tr",
        element(
            "th",
            names.link(part.table),
            element("span", " ", isolated(label), class_="m") if label else None,
            scope="row",
        ),
        element("td", f"{part.planned:,}"),
        element(
            "td", f"! {loaded}" if part.falls_short else loaded, class_="short" if part.falls_short else None
        ),
        element("td", duration(part.seconds) if part.loaded else ""),
        element("td", part.how),
    )


def _bare(table: str) -> str:
    """A table's name without its schema; of a name with a dot the rest of it, which no label begins with."""
    return table.partition(".")[2]


def unplanned(page: DatasetPage, names: ShownNames) -> Markup | None:
    """Return the tables that the plan leaves alone, and why."""
    lines = [
        element("li", names.link(table.name), f": {table.unplanned}")
        for table in page.tables
        if table.unplanned
    ]
    return joined([element("h4", "Not planned"), element("ul", *lines)]) if lines else None


def notes(lines: Iterable[str]) -> Markup | None:
    """Return notes in a closed block."""
    said = [element("li", isolated(line)) for line in dict.fromkeys(lines)]
    if not said:
        return None
    return element(
        "details", element("summary", element("span", f"Notes ({len(said)})")), element("ul", *said)
    )
