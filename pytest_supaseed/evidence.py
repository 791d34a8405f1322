"""What is kept of a test that fails: its database, and a word in its report on how to open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.run_state import LENT_KEY, OPTIONS_KEY

if TYPE_CHECKING:
    import pytest

SECTION = "supaseed"


def keep_evidence(item: pytest.Item, report: pytest.TestReport) -> None:
    """Keep the databases of a test that has failed, where that is asked for, by `--supaseed-keep` or `--pdb`.

    Args:
        item: the test.
        report: of its set-up or its body; it is told how each database is opened.
    """
    if not report.failed or report.when == "teardown" or not _is_wanted(item.config):
        return
    lines = [
        _said(session.keep(database), database.name)
        for node in item.listchain()
        for session, database in node.stash.get(LENT_KEY, [])
    ]
    if lines:
        report.sections.append((SECTION, "\n".join(lines)))


def _is_wanted(config: pytest.Config) -> bool:
    return config.stash[OPTIONS_KEY].keep or bool(config.getoption("usepdb", default=False))


def _said(kept: str | None, name: str) -> str:
    if kept is None:
        return f"{name} is not kept: enough databases of this run are."
    return f"The test's database is kept. To open it: supaseed cache open {kept}"
