"""The page as a file: whole by itself, unbroken by what it shows, light."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

from report_pages import FAILURE, SMALL, dataset, key, many_tables, report, table

from pytest_supaseed.reporting.pages.page import report_html
from pytest_supaseed.reporting.pages.page_data import CostPage, ReportPage, TablePage, Value

NASTY = "<script>\"'& </details></script></td>\u202e"
MEGABYTE = 1_000_000
_VOID = frozenset({"meta", "link", "input", "br"})


class Outline(HTMLParser):
    """The elements of a page, which have to be closed in order, and its visible texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count: dict[str, int] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, which has to be closed."""
        if tag not in _VOID:
            self.open.append(tag)
        self._note(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self._note(tag, attrs)

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} {name}"
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name in {"src", "srcset", "data", "action", "poster"}:
                self.sources.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text that can be seen."""
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text += data + "\n"


def nasty(name: str) -> TablePage:
    """A table whose every text would break HTML that is put together carelessly."""
    made = table(name)
    columns = tuple(
        replace(
            column,
            name=NASTY,
            type=NASTY,
            least=NASTY,
            greatest=NASTY,
            values=(Value(NASTY, 1), Value("", 2)),
        )
        for column in made.columns
    )
    rows = (tuple(NASTY for _ in columns),)
    return replace(made, columns=columns, samples=rows, logical=NASTY, note=NASTY, unplanned=NASTY)


def test_the_page_loads_nothing() -> None:
    """No address but those within the page; the browser is told to refuse any other."""
    html = report_html(report(SMALL, SMALL))
    found = Outline(html)
    assert found.sources == []
    assert {link[0] for link in found.links if link != "data:,"} == {"#"}
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert "default-src &#x27;none&#x27;" in html
    assert not re.search(r"https?:|url\(|@import", html)


def test_the_page_says_what_it_is_made_of() -> None:
    """Tables with rows, relations, plan, problem, distributions, samples, costs, failures, notes."""
    said = Outline(report_html(report(SMALL))).text
    for text in (
        "campsite", "5 users, seed 'supaseed'", "What a table refers to stands left of it", "120 rows",
        "1 table without relations", "Postgres 18.6", "violates check", "good_check", "amount=-1",
        "take fewer",
        ": 90 of 120 rows", "published", "2025-01-02 10:00", "all null", "it may hold secrets",
        "1.20 each, at most 5", "Some rows", "test_a.py::test_two", "replaced: a table was made",
        "nobody needed the database", "No server can be had.", "install one", "extension vector: left out",
    ):  # fmt: skip
        assert text in said, text


def test_names_and_values_that_would_break_html_do_not() -> None:
    """In a table's name, a column's, a value, a sample row, a note, a test's id, an error."""
    made = dataset("users", NASTY, keys=(key(NASTY, "users"),))
    page = replace(
        report(
            replace(made, tables=(table("users"), nasty(NASTY)), origin=NASTY, notes=(NASTY,), seed=NASTY)
        ),
        title=NASTY,
        costs=(CostPage(NASTY, "restore", 1.0, 0.0, 1.0, f"replaced: {NASTY}"),),
        failures=(replace(FAILURE, summary=NASTY, looked_at=(NASTY,), remedies=(NASTY,)),),
    )
    clean = Outline(report_html(report(made)))
    found = Outline(report_html(page))
    assert found.count["script"] == clean.count["script"] == 1
    assert found.count["details"] >= clean.count["details"]
    assert found.text.count(NASTY) > 20


def test_a_dataset_that_was_there_says_so() -> None:
    """Its totals are those of the time when it was made; there are no curves."""
    html = report_html(report(replace(SMALL, built=False, load=())))
    assert "The dataset was there already. When it was made: 450 rows in 2.50 s" in Outline(html).text
    assert '<svg class="c"' not in html


def test_a_seeding_that_failed_is_shown_with_its_plan() -> None:
    """The error comes first; the tables and their relations are there, without rows."""
    tables = tuple(replace(one, rows=None, looked_at=0, samples=()) for one in SMALL.tables)
    parts = tuple(replace(part, loaded=None, note="", reason="") for part in SMALL.parts)
    failed = replace(SMALL, tables=tables, parts=parts, seconds=0.0, failure=FAILURE, built=False)
    said = Outline(report_html(ReportPage("campsite", "now", "1", (failed,)))).text
    assert said.index("No server can be had.") < said.index("What a table refers to stands left of it")
    assert "It ended with the error above." in said
    assert "rows not counted" in said


def test_a_database_that_is_there_has_no_plan() -> None:
    """It is called by its name, and neither a plan nor loading is spoken of."""
    found = Outline(report_html(ReportPage("x", "now", "1", (replace(SMALL, parts=(), name="app"),))))
    assert "app\n" in found.text
    assert not {"d0-plan", "d0-load", "costs"} & set(found.ids)


def test_no_dataset_is_said() -> None:
    """A run in which no test asked for a database has a page all the same."""
    said = Outline(report_html(ReportPage("campsite", "now", "1"))).text
    assert "No test asked for a database" in said


def test_many_problems_do_not_bury_the_page() -> None:
    """Ten are shown, those that fall short first, and the rest in a block to open."""
    short = replace(SMALL.parts[-1])
    odd = replace(SMALL.parts[0], note="of another number")
    said = Outline(report_html(report(replace(SMALL, parts=(odd, *([short] * 14)))))).text
    assert "5 more\n" in said
    assert said.index("30 rows were refused") < said.index("of another number")


def test_500_tables_are_light() -> None:
    """Less than 3 MB, and drawn in a few seconds of a busy machine."""
    page = report(many_tables(500))
    begun = time.process_time()
    html = report_html(page)
    assert time.process_time() - begun < 3
    assert len(html.encode()) < 3 * MEGABYTE
    assert Outline(html).count["details"] >= 500
