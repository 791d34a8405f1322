"""The command line, as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


def supaseed(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the console script, untouched by the settings of the run that we are in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUPASEED_")}
    return subprocess.run(
        [str(Path(sys.executable).with_name("supaseed")), *arguments],
        cwd=cwd,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_says_its_version() -> None:
    """The one of the package that is installed."""
    result = supaseed("--version")
    assert (result.returncode, result.stdout) == (0, f"supaseed, version {version('pytest-supaseed')}\n")


@pytest.mark.parametrize("arguments", [("--wrong",), ("nothing",), ("cache", "clear", "--now")])
def test_wrong_usage_is_code_two(arguments: tuple[str, ...]) -> None:
    """A mistyped command is told from one that failed, and no traceback is shown."""
    result = supaseed(*arguments)
    assert result.returncode == 2
    assert "Usage: supaseed" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_to_a_full_disk_is_code_one(tmp_path: Path) -> None:
    """It is said in a line, on standard error."""
    script, source = Path(sys.executable).with_name("supaseed"), tmp_path / "supa-seed.config.json"
    source.write_text("{}")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, "init", "--from", source], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (
        1, "Error: The output cannot be written: No space left on device.\n"
    )  # fmt: skip


def test_a_wrong_setting_is_code_two(tmp_path: Path) -> None:
    """The file counts as in a pytest run, and its mistakes are said as there."""
    (tmp_path / "pyproject.toml").write_text('[tool.supaseed]\nusers = "many"\n')
    result = supaseed("doctor", cwd=tmp_path)
    assert result.returncode == 2
    assert "users in [tool.supaseed]" in result.stderr


def test_a_healthy_machine(endpoint: Endpoint, tmp_path: Path) -> None:
    """Everything that a run needs is really tried; the password of a server is not shown."""
    login = endpoint.conninfo()
    result = supaseed("doctor", "--json", cwd=tmp_path, SUPASEED_URL=login, SUPASEED_CACHE_DIR=str(tmp_path))
    findings = {finding["subject"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 0
    assert findings.keys() == {"Python", "packages", "machine", "cache folder", "server", "permissions"}
    assert all(finding["fine"] for finding in findings.values())
    assert endpoint.version in findings["server"]["said"]
    assert endpoint.password is None or endpoint.password not in result.stdout


def test_a_machine_that_lacks_something(tmp_path: Path) -> None:
    """Code 1, and each failure with what to do."""
    result = supaseed(
        "doctor",
        cwd=tmp_path,
        SUPASEED_URL="postgresql://a:secret@127.0.0.1:1/x",
        SUPASEED_CACHE_DIR=str(tmp_path),
    )
    assert result.returncode == 1
    assert "FAIL  server" in result.stdout
    assert "start the server" in result.stdout
    assert "secret" not in result.stdout + result.stderr
