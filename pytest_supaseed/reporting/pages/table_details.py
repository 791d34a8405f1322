"""The details of each table: its columns with their distributions, its children, some rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.charts import frequent, histogram, rows_said
from pytest_supaseed.reporting.pages.markup import Markup, element, isolated, joined
from pytest_supaseed.reporting.sections import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.reporting.pages.names import ShownNames
    from pytest_supaseed.reporting.pages.page_data import ColumnPage, DatasetPage, KeyPage, TablePage

_FINDABLE = 8
"""With fewer tables nobody needs a field to find one."""
_ALMOST_ALL = 0.995


def table_details(page: DatasetPage, names: ShownNames, prefix: str) -> Markup:
    """Return a closed block for each table, and a field by which the script finds some of them.

    Args:
        page: the dataset.
        names: how its tables are called.
        prefix: how the anchors of the dataset begin.
    """
    parents: dict[str, list[KeyPage]] = {}
    children: dict[str, list[KeyPage]] = {}
    for key in page.keys:
        parents.setdefault(key.child, []).append(key)
        children.setdefault(key.parent, []).append(key)
    blocks = [
        _block(table, names, parents.get(table.name, ()), children.get(table.name, ()))
        for table in page.tables
    ]
    field = _field(prefix, len(page.tables)) if len(page.tables) >= _FINDABLE else None
    return joined([field, element("div", *blocks, id=f"{prefix}all")])


def _field(prefix: str, tables: int) -> Markup:
    """It appears where scripts run: without one it would do nothing."""
    return element(
        "p",
        element("label", "Find a table", for_=f"{prefix}find"),
        element("input", id=f"{prefix}find", type="search", autocomplete="off", data_find=f"{prefix}all"),
        element("span", counted(tables, "table"), class_="m", role="status"),
        class_="find",
        hidden=True,
    )


def _block(
    table: TablePage, names: ShownNames, parents: Sequence[KeyPage], children: Sequence[KeyPage]
) -> Markup:
    summary = element(
        "summary",
        element("span", isolated(names.short(table.name)), _logical(table), class_="n"),
        element("span", rows_said(table.rows, estimate=table.is_estimate)),
    )
    content = [
        _remark(table),
        _relations(table, names, parents, children),
        element("ul", *(_column(column, table.looked_at) for column in table.columns), class_="cols"),
        *_children(table, names, children),
        *_samples(table),
    ]
    return element("details", summary, *content, id=names.anchor(table.name), class_="t", data_n=table.name)


def _logical(table: TablePage) -> Markup | None:
    return element("span", " as ", isolated(table.logical), class_="m") if table.logical else None


def _remark(table: TablePage) -> Markup | None:
    said = [
        f"Not planned: {table.unplanned}." if table.unplanned else "",
        f"Not all of it could be read: {table.note}." if table.note else "",
        f"The columns speak of {counted(table.looked_at, 'row')} from all over the table."
        if table.rows is not None and 0 < table.looked_at < table.rows
        else "",
    ]
    shown = " ".join(filter(None, said))
    return element("p", shown, class_="m") if shown else None


def _relations(
    table: TablePage, names: ShownNames, parents: Sequence[KeyPage], children: Sequence[KeyPage]
) -> Markup | None:
    """Links to the tables that this one refers to, and to those that refer to it."""
    to = dict.fromkeys(key.parent for key in parents if key.parent != table.name)
    of = dict.fromkeys(key.child for key in children if key.child != table.name)
    own = "Refers to itself." if any(key.parent == table.name for key in parents) else None
    said = [
        joined(["Refers to ", joined(map(names.link, to), ", "), "."]) if to else None,
        joined(["Referred to by ", joined(map(names.link, of), ", "), "."]) if of else None,
        own,
    ]
    shown = [one for one in said if one is not None]
    return element("p", joined(shown, " "), class_="m") if shown else None


def _column(column: ColumnPage, rows: int) -> Markup:
    head = element(
        "div",
        element("b", column.name),
        " ",
        element("span", column.type, class_="m"),
        element("div", column.key, class_="m") if column.key else None,
    )
    return element("li", head, element("div", _facts(column, rows), class_="m"), _distribution(column, rows))


def _facts(column: ColumnPage, rows: int) -> str:
    if not rows:
        return ""
    nulls = column.nulls / rows
    empty = "all null" if nulls == 1 else f"{min(nulls, _ALMOST_ALL):.0%} null" if column.nulls else ""
    different = f"{column.distinct:,} different" if column.distinct and column.shape != "hidden" else ""
    if column.distinct == rows - column.nulls and column.distinct > 1:
        different = "all different"
    return ", ".join(filter(None, (different, empty)))


def _distribution(column: ColumnPage, rows: int) -> Markup | None:
    if column.shape == "hidden":
        return element("div", "not shown: it may hold secrets", class_="m")
    if column.shape == "histogram":
        return element("div", histogram(column.buckets, column.least, column.greatest))
    if column.shape == "values":
        return element("div", frequent(column.values, rows - column.nulls))
    if column.least:
        return element("div", isolated(column.least), " to ", isolated(column.greatest), class_="m")
    return None


def _children(table: TablePage, names: ShownNames, keys: Sequence[KeyPage]) -> list[Markup]:
    lines = [line for key in keys if (line := _child(key, table, names)) is not None]
    return [element("h4", "Children"), element("ul", *lines, class_="cols")] if lines else []


def _child(key: KeyPage, table: TablePage, names: ShownNames) -> Markup | None:
    found = key.children
    if found is None:
        return None
    columns = element("div", isolated(", ".join(key.columns)), class_="m")
    said = f"{found.mean:,.2f} each, at most {found.most:,}"
    own = " (itself)" if key.child == table.name else None
    return element(
        "li",
        element("div", names.link(key.child), own, columns),
        element("div", said, class_="m"),
        element("div", frequent(found.counts, found.parents)),
    )


def _samples(table: TablePage) -> list[Markup]:
    if not table.samples:
        return []
    head = element("tr", *(element("th", column.name, scope="col") for column in table.columns))
    rows = (element("tr", *map(_cell, row)) for row in table.samples)
    body = element("table", element("thead", head), element("tbody", *rows))
    shown = element("div", body, class_="s", tabindex=0, role="group", aria_label=f"Rows of {table.name}")
    return [element("h4", "Some rows"), shown]


def _cell(text: str | None) -> Markup:
    return element("td", element("i", "null") if text is None else text)
