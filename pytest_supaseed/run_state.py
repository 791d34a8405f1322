"""Where a pytest run keeps what is ours: keys of `config.stash`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_supaseed.options import Options
    from pytest_supaseed.reporting.summary import DatasetRecord

OPTIONS_KEY: pytest.StashKey[Options] = pytest.StashKey()
RECORDS_KEY: pytest.StashKey[list[DatasetRecord]] = pytest.StashKey()
