"""Large real schemas that come inside packages, seeded with nothing configured, each by its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from conformance.packaged_schemas import musicbrainz, omop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

ROWS = 10
"""Enough for keys to meet; more would prove what smaller schemas prove in less time."""
PEAK_MIB = 256
SECONDS = 180


@pytest.mark.parametrize(
    ("schema", "tables"),
    [pytest.param(musicbrainz, 370, id="musicbrainz"), pytest.param(omop, 37, id="omop")],
)
def test_every_table_of_a_packaged_schema_is_filled(
    endpoint: Endpoint,
    pytestconfig: pytest.Config,
    tmp_path: Path,
    schema: Callable[[Path], Path],
    tables: int,
) -> None:
    """All tables are filled, Postgres finds every constraint to hold, twice the same, in little memory."""
    schema(tmp_path)

    result = _measured(tmp_path, endpoint, pytestconfig.rootpath)

    assert result["error"] is None
    assert result["tables"] >= tables
    assert result["unfilled"] == {}
    assert result["violations"] == []
    assert result["identical_twice"] is True, result["differing"]
    assert result["peak_mib"] < PEAK_MIB


def _measured(folder: Path, endpoint: Endpoint, root: Path) -> dict[str, Any]:
    """Let the coverage benchmark seed a folder's one schema: its peak of memory is not this test run's."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.coverage",
        str(folder),
        f"--rows={ROWS}",
        "--twice",
        "--json",
    ]
    done = subprocess.run(
        [*command, f"--url={endpoint.conninfo()}"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.stdout, done.stderr
    (result,) = json.loads(done.stdout)["schemas"].values()
    return dict(result)
