"""The report of a pytest run: gathered where tests run, written by the process that workers report to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.reporting.pages.page_data import ReportPage, merged

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pytest

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.reporting.pages.page_data import CostPage, DatasetPage, FailurePage


@dataclass
class RunReport:
    """What is known so far.

    Args:
        asked: the file that is to be written.
        outcome: where it was written, or why it could not be; empty until then.
        failed: whether it could not be.
    """

    asked: Path
    datasets: list[DatasetPage] = field(default_factory=list)
    costs: list[CostPage] = field(default_factory=list)
    failures: list[FailurePage] = field(default_factory=list)
    outcome: str = ""
    failed: bool = False

    def add(self, data: dict[str, Any]) -> None:
        """Take what a worker has found."""
        page = ReportPage.from_json(data)
        self.datasets += page.datasets
        self.costs += page.costs
        self.failures += page.failures

    def add_session(self, session: SeedSession) -> None:
        """Take what a session has seeded and lent; its databases have to be there still."""
        from pytest_supaseed.reporting.pages.session_pages import cost_pages, dataset_pages

        self.datasets += dataset_pages(session)
        self.costs += cost_pages(session)

    def add_failure(self, call: pytest.CallInfo[Any]) -> None:
        """Take an error of ours that kept a test from its database; others are the test's own."""
        error = call.excinfo.value.__context__ if call.excinfo is not None else None
        if call.when == "setup" and isinstance(error, SupaseedError):  # what a fixture has said plainly
            from pytest_supaseed.reporting.pages.dataset_page import failure_page

            self.failures.append(failure_page(error))

    def page(self, config: pytest.Config) -> ReportPage:
        """Return all of it; what several processes say of one dataset is said once."""
        datasets = merged(self.datasets)
        said = {dataset.failure for dataset in datasets}
        now = datetime.now().astimezone()
        return ReportPage(
            title=config.rootpath.name,
            made_at=f"{now:%Y-%m-%d %H:%M %Z}",
            version=version("pytest-supaseed"),
            datasets=datasets,
            costs=tuple(self.costs),
            failures=tuple(one for one in dict.fromkeys(self.failures) if one not in said),
        )

    def write(self, config: pytest.Config) -> bool:
        """Write the file that was asked for; false where that cannot be done."""
        from pytest_supaseed.reporting.pages.page import report_html

        path = config.invocation_params.dir / self.asked
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(report_html(self.page(config)), encoding="utf-8")
        except OSError as error:
            self.outcome, self.failed = f"not written to {path}: {error.strerror}", True
            return False
        self.outcome = str(path)
        return True
