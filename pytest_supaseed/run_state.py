"""Where a pytest run keeps what is ours: keys of `config.stash`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.options import Options
    from pytest_supaseed.reporting.run_record import RunRecord
    from pytest_supaseed.reporting.summary import DatasetRecord
    from pytest_supaseed.run_report import RunReport

OPTIONS_KEY: pytest.StashKey[Options] = pytest.StashKey()
RECORDS_KEY: pytest.StashKey[list[DatasetRecord]] = pytest.StashKey()
RUNS_KEY: pytest.StashKey[list[RunRecord]] = pytest.StashKey()
REPORT_KEY: pytest.StashKey[RunReport] = pytest.StashKey()
"""Where a report is asked for."""
LENT_KEY: pytest.StashKey[list[tuple[SeedSession, SeededDatabase]]] = pytest.StashKey()
"""Of a test, class or module: the databases that it has just now."""
