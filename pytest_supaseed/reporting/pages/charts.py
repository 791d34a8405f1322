"""Small charts as inline SVG and lists: each says in words too what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.markup import Markup, element, isolated, joined
from pytest_supaseed.reporting.sections import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.reporting.pages.page_data import Value

_STEP, _TALL = 9, 40
"""The width of a histogram's step, and its height, in units that the page stretches."""
_WIDE, _HIGH = 600, 100
"""The size of a curve, likewise."""
_SECOND, _TEN_MILLISECONDS = 0.9995, 0.00995
"""From here on a figure would be rounded to the next unit."""


def histogram(buckets: Sequence[int], least: str, greatest: str) -> Markup:
    """Return a histogram with its ends written below it."""
    most = max(buckets)
    steps = "".join(f"V{_TALL - _height(rows, most)}h{_STEP}" for rows in buckets)
    peak = buckets.index(most) + 1
    drawn = element(
        "svg",
        element("path", d=f"M0 {_TALL}{steps}V{_TALL}z"),
        class_="h",
        viewBox=f"0 0 {len(buckets) * _STEP} {_TALL}",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"{least} to {greatest} in {len(buckets)} steps, most rows ({most:,}) in step {peak}",
    )
    return joined([drawn, element("div", isolated(least), isolated(greatest), class_="x")])


def _height(rows: int, most: int) -> int:
    """At least a hair for the smallest number: a step that holds something is seen."""
    return max(round(rows / most * _TALL), 1) if rows else 0


def frequent(values: Sequence[Value], total: int) -> Markup:
    """Return values with their numbers of rows, and bars as long as their share of the total.

    Args:
        values: the most frequent ones, or all.
        total: all rows.
    """
    lines = [_share(value.text, value.rows, total) for value in values]
    rest = total - sum(value.rows for value in values)
    if rest > 0:
        lines.append(element("li", element("i", "others"), element("b", f"{rest:,}")))
    return element("ol", *lines, class_="v")


def _share(text: str, rows: int, total: int) -> Markup:
    name = isolated(text) if text else element("i", "empty text")
    return element("li", name, element("b", f"{rows:,}"), style=f"--w:{100 * rows / max(total, 1):.3g}%")


def curve(points: Sequence[tuple[float, float]], said: str) -> Markup:
    """Return a curve over time, with the area below it.

    Args:
        points: seconds and values, in order, at least one.
        said: what it shows, in words.
    """
    span = max(points[-1][0], 1e-9)
    most = max(*(value for _, value in points), 1e-9)
    begin = points[0][0] / span * _WIDE
    way = "L".join(f"{x / span * _WIDE:.4g} {_HIGH - y / most * (_HIGH - 4):.4g}" for x, y in points)
    return element(
        "svg",
        element("path", d=f"M{way}L{_WIDE} {_HIGH}L{begin:.4g} {_HIGH}Z", class_="a"),
        element("path", d=f"M{way}", class_="l"),
        class_="c",
        viewBox=f"0 0 {_WIDE} {_HIGH}",
        preserveAspectRatio="none",
        role="img",
        aria_label=said,
    )


def duration(seconds: float) -> str:
    """Return `0.2 ms`, `12 ms`, `3.25 s` or `2 min 5 s`."""
    if seconds < _TEN_MILLISECONDS:
        return f"{seconds * 1000:.1f} ms"
    if seconds < _SECOND:
        return f"{seconds * 1000:.0f} ms"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{seconds:.2f} s"


def rows_said(rows: int | None, *, estimate: bool = False) -> str:
    """Return `1,000 rows`, `about 1,000 rows`, or that nobody knows."""
    if rows is None:
        return "rows not counted"
    return f"{'about ' if estimate else ''}{counted(rows, 'row')}"
