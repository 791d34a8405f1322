"""The page in a browser: whole, quiet, reached by keyboard and screen reader, on a phone and in the dark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
from browsers import browser
from report_pages import SMALL, dataset, key, many_tables, report

from pytest_supaseed.reporting.pages.page import report_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PHONE, DESKTOP = (390, 844), (1280, 900)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"
REACHABLE = """
  [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
    .filter((one) => one.checkVisibility()).length
"""
FOCUSED = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
LONG = "a_table_with_a_name_as_long_as_postgres_allows_for_its_names_63"


class Opened(NamedTuple):
    """A page, and what went wrong or was asked for while it was open."""

    page: Page
    complaints: list[str]
    requests: list[str]


class Opener:
    """Opens reports that lie in a folder."""

    def __init__(self, started: Browser, folder: Path) -> None:
        self._browser = started
        self._folder = folder
        self._names: dict[int, Path] = {}

    def __call__(
        self,
        html: str,
        size: tuple[int, int] = DESKTOP,
        scheme: Literal["light", "dark"] = "light",
        *,
        scripts: bool = True,
    ) -> Opened:
        """Open a text as a page."""
        path = self._names.setdefault(hash(html), self._folder / f"{len(self._names)}.html")
        path.write_text(html, encoding="utf-8")
        width, height = size
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        opened = Opened(context.new_page(), [], [])
        opened.page.on("console", lambda said: opened.complaints.append(said.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.goto(path.as_uri())
        return opened


@pytest.fixture(scope="module")
def opener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """What opens pages."""
    with browser() as started:
        yield Opener(started, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def html() -> str:
    """A report with everything in it: two datasets, one with names that are hard to show."""
    names = ("users", LONG, "<script>alert(1)</script>", "\u05d8\u05d1\u05dc\u05d0", *"abcdef")
    hard = dataset(*names, keys=(key(LONG, "users"), key(names[2], LONG), key("a", "users")))
    return report_html(report(SMALL, replace(hard, name="supaseed_tpl_2", built=False, load=())))


def test_nothing_is_loaded_and_nothing_goes_wrong(opener: Opener, html: str) -> None:
    """No request but for the file, no word on the console, with everything opened and used."""
    opened = opener(html)
    opened.page.evaluate(OPEN_ALL)
    opened.page.locator("[data-find]").first.fill("users")
    opened.page.get_by_role("button", name="Whole").first.click()
    assert opened.complaints == []
    assert opened.requests == [opened.page.url]


def test_everything_is_drawn(opener: Opener, html: str) -> None:
    """Boxes, lines, curves and histograms have a size, and a name for those who do not see them."""
    page = opener(html).page
    page.evaluate(OPEN_ALL)
    drawing = page.locator(".g").first
    assert drawing.locator("a").count() == 3
    assert drawing.locator("path").count() == 3
    for selector in (".g a rect", ".g path", "svg.c", "svg.c path", "svg.h", "svg.h path"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["width"] > 20, selector
        assert box["height"] > 0, selector
    names = page.locator("svg[role=img]").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(names) > 4
    assert all(names)
    assert page.locator("bdi", has_text="<script>alert(1)</script>").count() > 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_fits_and_axe_finds_nothing(
    opener: Opener, html: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    """On a phone and on a desk, light and dark, all details open: contrast, names, roles, order, overflow."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="it comes with the extra `dev`")
    page = opener(html, size, scheme).page
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = axe.Axe().run(page).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 23, 22)"
    assert dark == (scheme == "dark")


def test_the_keyboard_reaches_every_control(opener: Opener, html: str) -> None:
    """Each in its turn, with a mark that can be seen, and out again at the end."""
    page = opener(html).page
    expected = page.evaluate(REACHABLE)
    reached: list[int] = []
    for _ in range(expected + 2):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if page.evaluate("document.activeElement === document.body") or at in reached:
            break
        reached.append(at)
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none", page.evaluate("document.activeElement.outerHTML")
    assert len(reached) == expected
    assert reached == sorted(reached)


def test_a_table_of_the_drawing_leads_to_its_details(opener: Opener, html: str) -> None:
    """By the keyboard: its relations are lit, Enter opens the details, and the focus is there."""
    page = opener(html).page
    page.locator(".g a", has_text="members").first.focus()
    assert page.locator(".g").first.locator("path.on").count() == 3
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.localName === 'summary'")
    details = page.locator("details[open]")
    assert details.get_attribute("data-n") == "public.members"
    assert page.evaluate("document.activeElement.parentElement.open")


def test_the_way_around_the_drawing(opener: Opener, html: str) -> None:
    """Whoever uses the keyboard need not go through each table of it."""
    page = opener(html).page
    skip = page.get_by_role("link", name="Skip the drawing").first
    skip.focus()
    box = skip.bounding_box()
    assert box is not None
    assert box["width"] > 50
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.g')") is None


def test_tables_are_found_by_name_and_column(opener: Opener, html: str) -> None:
    """What is found is said to a screen reader too."""
    page = opener(html).page
    field = page.get_by_label("Find a table")
    found = page.locator("#d1-all > details:visible")
    field.fill("AS_LONG")
    assert found.count() == 1
    assert page.get_by_role("status").inner_text() == "1 of 10 tables"
    field.fill("encrypted_pass")
    assert found.count() == 10
    field.fill("")
    assert page.get_by_role("status").inner_text() == "10 tables"


def test_the_drawing_changes_its_size(opener: Opener, html: str) -> None:
    """Larger, smaller, and whole: then it fits into its frame."""
    page = opener(report_html(report(many_tables(60))), PHONE).page
    svg = page.locator(".g svg")
    first = svg.evaluate("one => one.clientWidth")
    page.get_by_role("button", name="Larger").click()
    assert svg.evaluate("one => one.clientWidth") == pytest.approx(first * 1.25, abs=2)
    page.get_by_role("button", name="Whole").click()
    assert svg.evaluate("one => one.clientWidth <= one.parentElement.clientWidth")


def test_without_scripts_everything_can_be_read(opener: Opener, html: str) -> None:
    """Details open all the same; there is no control that does nothing."""
    page = opener(html, scripts=False).page
    page.locator("summary").first.click()
    assert page.locator("details[open] .cols").first.is_visible()
    assert page.locator("button:visible, input:visible").count() == 0


def test_500_tables_open_on_a_phone(opener: Opener) -> None:
    """Without overflow, each of them closed, all of them found."""
    opened = opener(report_html(report(many_tables(500))), PHONE)
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert opened.page.locator("details.t").count() == 500
    opened.page.get_by_label("Find a table").fill("name_499")
    assert opened.page.locator("details.t:visible").count() == 1
