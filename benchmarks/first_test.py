"""How long from the start of pytest to the body of its first test: the first run, then those after it.

    python benchmarks/first_test.py [runs]

Runs the example with 50 users and a cache folder of its own, at first from nothing. Prints each run, and
the ratio of the later runs' median to the first one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "makerkit"
PROBE = """
import os, time
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    target = os.environ["FIRST_TEST_FILE"]
    if not os.path.exists(target):
        with open(target, "w") as file:
            file.write(str(time.time()))
"""


def run(folder: Path, number: int) -> tuple[float, float]:
    """Run the example once; return the seconds to the first test's body, and to the end."""
    target = folder / f"first-{number}"
    environment = {
        **os.environ,
        "SUPASEED_CACHE_DIR": str(folder / "cache"),
        "FIRST_TEST_FILE": str(target),
        "PYTHONPATH": str(folder),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "first_test_probe", "-p", "no:cacheprovider"]
    begun = time.time()
    subprocess.run(
        [*command, "--supaseed-users=50"], cwd=EXAMPLE, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return float(target.read_text()) - begun, time.time() - begun


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "first_test_probe.py").write_text(PROBE)
        figures = [run(folder, number) for number in range(runs + 1)]
    for number, (first, whole) in enumerate(figures):
        print(f"run {number + 1}: first test after {first:.2f} s, all tests after {whole:.2f} s")
    later = statistics.median(first for first, _ in figures[1:])
    print(f"later runs, median: {later:.2f} s, {later / figures[0][0]:.2f} of the first run")


if __name__ == "__main__":
    main()
