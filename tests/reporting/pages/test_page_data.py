"""The values of a report, on their way between processes."""

from __future__ import annotations

import json
from dataclasses import replace

from report_pages import FAILURE, SMALL, report

from pytest_supaseed.reporting.pages.page_data import ReportPage, merged


def test_a_report_survives_the_way_from_a_worker() -> None:
    """Xdist sends plain values only: they come back as the same report."""
    page = report(SMALL, replace(SMALL, failure=FAILURE))
    assert ReportPage.from_json(json.loads(json.dumps(page.to_json()))) == page


def test_what_several_workers_say_of_a_dataset_is_said_once() -> None:
    """As the one saw it that made it: that one knows how loading went."""
    found = replace(SMALL, built=False, load=())
    other = replace(found, name="supaseed_tpl_2")
    assert merged([found, other, SMALL]) == (SMALL, other)


def test_different_failures_stay_apart() -> None:
    """A dataset that was not made has no name."""
    failed = replace(SMALL, name="", built=False, failure=FAILURE)
    other = replace(failed, failure=replace(FAILURE, summary="another"))
    assert merged([failed, other, failed]) == (failed, other)
