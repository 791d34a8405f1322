"""What is got ready while a server starts."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from pytest_supaseed.preload import load_session


def test_what_a_session_needs_is_there_afterwards() -> None:
    """Nothing is left to import when a session is opened, and nothing came that only making rows needs."""
    code = (
        "import sys; from pytest_supaseed.preload import load_session; load_session()\n"
        "before = set(sys.modules)\n"
        "from pytest_supaseed.isolation.seed_session import open_session\n"
        "from pytest_supaseed.isolation.templates import package_digest\n"
        "print(len(set(sys.modules) - before), package_digest.cache_info().currsize)\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    counts, loaded = done.stdout.splitlines()
    assert counts == "0 1"
    assert {"factory", "faker", "sqlglot", "rich", "bcrypt"} & set(loaded.split()) == set()


@pytest.mark.parametrize("collects", [True, False])
def test_looking_for_garbage_is_left_as_it_was(*, collects: bool) -> None:
    """Who has switched the collector off wants it off; for all others it goes on."""
    before = gc.isenabled()
    try:
        if not collects:
            gc.disable()
        load_session()
        assert gc.isenabled() is collects
    finally:
        if before:
            gc.enable()
