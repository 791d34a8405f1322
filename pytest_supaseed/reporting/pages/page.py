"""The report as one HTML file: nothing in it is loaded from anywhere."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.charts import duration
from pytest_supaseed.reporting.pages.cost_section import cost_section
from pytest_supaseed.reporting.pages.course import failure, loading, notes, plan, problems, unplanned
from pytest_supaseed.reporting.pages.graph import relations
from pytest_supaseed.reporting.pages.markup import Markup, element, embedded, isolated, joined
from pytest_supaseed.reporting.pages.names import ShownNames
from pytest_supaseed.reporting.pages.table_details import table_details
from pytest_supaseed.reporting.sections import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.reporting.pages.page_data import DatasetPage, ReportPage


def report_html(page: ReportPage) -> str:
    """Return the report as the text of an HTML file."""
    script = _asset("script.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(script)),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href="data:,"),
        element("title", f"{page.title}: seeded data"),
        embedded("style", _asset("style.css")),
    )
    body = element(
        "body",
        element("a", "Skip to the content", href="#main", class_="skip"),
        _header(page),
        element("main", *_sections(page), id="main"),
        embedded("script", script),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _asset(name: str) -> str:
    return (files("pytest_supaseed.reporting.pages") / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """No connection, no script but ours: what a table holds could do nothing even if it were markup."""
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _header(page: ReportPage) -> Markup:
    made = f"Seeded data, {page.made_at}, pytest-supaseed {page.version}"
    links = [element("li", element("a", name, href=f"#{anchor}")) for anchor, name in _contents(page)]
    return element(
        "header",
        element("h1", isolated(page.title)),
        element("p", made, class_="m"),
        element("nav", element("ul", *links), aria_label="Contents") if len(links) > 1 else None,
    )


def _contents(page: ReportPage) -> Iterator[tuple[str, Markup | str]]:
    if page.failures:
        yield "failures", "Failures"
    for number, (dataset, title) in enumerate(zip(page.datasets, _titles(page), strict=True)):
        alone = len(page.datasets) == 1
        yield f"d{number}", "Data" if alone else isolated(title)
        if alone:
            yield f"d{number}-graph", "Relations"
            yield from [(f"d{number}-plan", "Plan")] if dataset.parts else []
            yield f"d{number}-tables", "Tables"
    if page.costs:
        yield "costs", "Tests"


def _sections(page: ReportPage) -> Iterator[Markup]:
    if page.failures:
        failures = (failure(one) for one in page.failures)
        yield _section("failures", "Failures", *failures)
    if not page.datasets and not page.failures:
        yield element("p", "No test asked for a database, so that there is nothing to show.")
    for number, (dataset, title) in enumerate(zip(page.datasets, _titles(page), strict=True)):
        yield _dataset(dataset, title, f"d{number}")
    if page.costs:
        yield _section("costs", "Isolation of the tests", cost_section(page.costs))


def _section(anchor: str, title: Markup | str, *content: Markup | None) -> Markup:
    heading = element("h2", title, id=f"{anchor}-title")
    return element("section", heading, *content, id=anchor, aria_labelledby=f"{anchor}-title")


def _titles(page: ReportPage) -> list[str]:
    """How the datasets are called: those that would be called alike are numbered."""
    seen: Counter[str] = Counter()
    titles = []
    for dataset in page.datasets:
        title = _title(dataset)
        seen[title] += 1
        titles.append(f"{title} ({seen[title]})" if seen[title] > 1 else title)
    return titles


def _title(page: DatasetPage) -> str:
    return f"{counted(page.users, 'user')}, seed {page.seed!r}" if page.parts else page.name or page.origin


def _origin(page: DatasetPage) -> str:
    """The framework without what speaks for it, which stands among the notes."""
    framework, _, _ = page.framework.partition(" (")
    return f"{framework} \N{MIDDLE DOT} {page.origin} \N{MIDDLE DOT} {page.server}"


def _dataset(page: DatasetPage, title: str, prefix: str) -> Markup:
    names = ShownNames(page.tables, f"{prefix}-")
    found = problems(page, names)
    return _section(
        prefix,
        isolated(title),
        element("p", isolated(_origin(page)), class_="m"),
        _figures(page),
        failure(page.failure) if page.failure is not None else None,
        *(_part("Problems", f"{prefix}-problems", *found) if found else ()),
        *_part("Relations", f"{prefix}-graph", _graph(page, names, prefix)),
        *(_part("Loading", f"{prefix}-load", loading(page)) if page.parts else ()),
        *(_part("Plan", f"{prefix}-plan", plan(page, names), unplanned(page, names)) if page.parts else ()),
        *_part("Tables", f"{prefix}-tables", table_details(page, names, f"{prefix}-")),
        notes([f"recognised as {page.framework}", *page.notes]),
    )


def _part(title: str, anchor: str, *content: Markup | None) -> tuple[Markup | None, ...]:
    return (element("h3", title, id=anchor), *content)


def _figures(page: DatasetPage) -> Markup:
    short = sum(part.falls_short for part in page.parts)
    shown = [
        ("tables", f"{len(page.tables):,}"),
        ("rows", f"{page.rows:,}"),
        ("relations", f"{len(page.keys):,}"),
        *([("loaded in", duration(page.seconds))] if page.seconds else []),
        *([("parts short of rows", f"{short:,}")] if short else []),
    ]
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", figure)) for name, figure in shown),
        class_="figures",
    )


def _graph(page: DatasetPage, names: ShownNames, prefix: str) -> Markup:
    """The drawing with buttons to make it larger and smaller, and a way around it for the keyboard."""
    drawn = relations(page, names)
    if not page.keys:
        return drawn
    buttons = [
        element("button", label, type="button", data_zoom=step)
        for label, step in (("Smaller", "0.8"), ("Larger", "1.25"), ("Whole", "fit"))
    ]
    return joined(
        [
            element("a", "Skip the drawing", href=f"#{prefix}-tables", class_="skip"),
            element("p", "What a table refers to stands left of it. Numbers are rows.", class_="m"),
            element(
                "div", *buttons, class_="zoom", role="group", aria_label="Size of the drawing", hidden=True
            ),
            drawn,
        ]
    )
