"""A headless browser for tests of pages: Chromium or Chrome, wherever the machine has it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
"""Root needs the first; the others keep the browser from asking for anything itself."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser; a test is skipped where there is none, and fails where `.ci/run` has put one."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright comes with the extra `dev`")
    with api.sync_playwright() as playwright:
        try:
            started = _started(playwright)
        except api.Error as error:
            _missing(str(error).splitlines()[0])
        try:
            yield started
        finally:
            started.close()


def _started(playwright: Playwright) -> Browser:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is not None:
        return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    return playwright.chromium.launch(channel="chrome", args=list(ARGUMENTS))


def _missing(why: str) -> None:
    said = f"no browser: install Chromium or Chrome ({', '.join(NAMES)}): {why}"
    if os.environ.get("SUPASEED_NEEDS_BROWSER"):
        pytest.fail(said)
    pytest.skip(said)
