"""The drawing of the relations: tables as links, references as lines, all in one SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.charts import rows_said
from pytest_supaseed.reporting.pages.graph_layout import Layout, Link, Place, lay_out
from pytest_supaseed.reporting.pages.markup import Markup, element, joined
from pytest_supaseed.reporting.pages.names import shortened
from pytest_supaseed.reporting.sections import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.reporting.pages.names import ShownNames
    from pytest_supaseed.reporting.pages.page_data import DatasetPage, KeyPage, TablePage

WIDTH, STEP, BOX, EDGE, AROUND = 200, 276, 28, 12, 50
"""A table's width, the distance of two layers, a table's height, the margin around all, and the room right of
a layer for a line between two tables in it."""
NAME_SHOWN = 20
"""Characters of a name that fit beside seven digits."""


def relations(page: DatasetPage, names: ShownNames) -> Markup:
    """Return the drawing, and the tables without relations in a list; each leads to its table below."""
    links = [Link(key.child, key.parent, key.is_cut) for key in page.keys]
    layout = lay_out([table.name for table in page.tables], links)
    tables = {table.name: table for table in page.tables}
    short = {part.table for part in page.parts if part.falls_short}
    parts: list[Markup | None] = []
    if layout.tables:
        parts.append(_drawing(_Drawn(layout, tables, page.keys, names, short)))
    if layout.alone:
        parts += [
            element("p", f"{counted(len(layout.alone), 'table')} without relations:", class_="m"),
            element("ul", *(_alone(tables[name], names) for name in layout.alone), class_="chips"),
        ]
    return joined(parts)


class _Drawn:
    """What is drawn, and the numbers of tables by which the script finds lines."""

    def __init__(
        self,
        layout: Layout,
        tables: Mapping[str, TablePage],
        keys: Sequence[KeyPage],
        names: ShownNames,
        short: set[str],
    ) -> None:
        self.layout, self.tables, self.keys, self.names, self.short = layout, tables, keys, names, short
        self.numbers = {name: number for number, name in enumerate(layout.tables)}
        self.own = {key.child for key in keys if key.child == key.parent}


def _drawing(drawn: _Drawn) -> Markup:
    layout = drawn.layout
    width = 2 * EDGE + (layout.layers - 1) * STEP + WIDTH + (AROUND if layout.back else 0)
    height = round(2 * EDGE + layout.height)
    count = counted(len(layout.tables), "table")
    content = [*_trunks(drawn), *_branches(drawn), *(_box(drawn, name) for name in layout.tables)]
    svg = element(
        "svg",
        *content,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_label=f"{count} and the references between them; each is a link to its details",
    )
    return element("div", svg, class_="g", tabindex=0, role="group", aria_label=f"Drawing of {count}")


def _trunks(drawn: _Drawn) -> Iterator[Markup]:
    """The lines that pass through layers, one for all children of a parent."""
    for parent, places in drawn.layout.trunks.items():
        path, last = "", drawn.layout.tables[parent]
        for place in places:
            path += f"{_bow(last, place)}h{WIDTH}"
            last = place
        yield element("path", d=path, data_p=drawn.numbers[parent])


def _branches(drawn: _Drawn) -> Iterator[Markup]:
    """A line from each parent, or its line's last point before the child, to the child."""
    layout = drawn.layout
    pairs = sorted({(key.parent, key.child, key.optional) for key in drawn.keys if key.parent != key.child})
    done: set[tuple[str, str]] = set()
    for parent, child, optional in pairs:
        if (child, parent) in done:
            continue
        done.add((child, parent))
        place, target = layout.tables[parent], layout.tables[child]
        numbers = {"data_p": drawn.numbers[parent], "data_c": drawn.numbers[child]}
        if (child, parent) in layout.back:
            yield element("path", d=_back(place, target), class_="k", **numbers)
            continue
        line = [one for one in layout.trunks.get(parent, ()) if one.layer < target.layer]
        path = _bow(line[-1] if line else place, target)
        yield element("path", d=path, class_="o" if optional else None, **numbers)


def _left(place: Place) -> tuple[int, int]:
    """Where a line reaches a place."""
    return EDGE + place.layer * STEP, round(EDGE + place.height)


def _right(place: Place) -> tuple[int, int]:
    """Where a line leaves a place: a table, or a line that passes by."""
    x, y = _left(place)
    return x + WIDTH, y


def _bow(start: Place, end: Place) -> str:
    (x, y), (to, below) = _right(start), _left(end)
    middle = (x + to) // 2
    return f"M{x} {y}C{middle} {y} {middle} {below} {to} {below}"


def _back(parent: Place, child: Place) -> str:
    """A reference that closes a circle: from a child left of its parent, or around to one in its layer."""
    if child.layer < parent.layer:
        return _bow(child, parent)
    (x, y), (_, above) = _right(child), _right(parent)
    out = x + AROUND
    return f"M{x} {y}C{out} {y} {out} {above} {x} {above}"


def _box(drawn: _Drawn, name: str) -> Markup:
    table, place = drawn.tables[name], drawn.layout.tables[name]
    x, y = EDGE + place.layer * STEP, EDGE + place.height - BOX / 2
    is_short, is_unplanned = name in drawn.short, bool(table.unplanned)
    rows = "?" if table.rows is None else f"{table.rows:,}"
    mark = "! " if is_short else ""
    loop = " \N{CLOCKWISE OPEN CIRCLE ARROW}" if name in drawn.own else ""
    own = " It refers to itself." if loop else ""
    said = f"{name}, {rows_said(table.rows)}.{own}{' It holds fewer rows than planned.' if is_short else ''}"
    return element(
        "a",
        element("title", said),
        element("rect", width=WIDTH, height=BOX, rx=5),
        element("text", shortened(drawn.names.short(name), NAME_SHOWN) + loop, x=9, y=19),
        element("text", mark + rows, x=WIDTH - 9, y=19, class_="e"),
        href=f"#{drawn.names.anchor(name)}",
        transform=f"translate({x} {y:.0f})",
        class_="short" if is_short else "un" if is_unplanned else None,
        data_n=drawn.numbers[name],
        aria_label=said,
    )


def _alone(table: TablePage, names: ShownNames) -> Markup:
    said = "" if table.rows is None else f" {table.rows:,}"
    return element("li", names.link(table.name), element("b", said))
