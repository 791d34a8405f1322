"""What a session needs in any case, got ready in the time that a server of ours takes to start."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def load_session() -> None:
    """Import what makes datasets and clones them, and digest our own code: 50 ms, of the 80 of a server."""
    with _no_collections():
        import pytest_supaseed.isolation.seed_session  # noqa: F401
        from pytest_supaseed.isolation.templates import package_digest

        package_digest()


@contextmanager
def _no_collections() -> Iterator[None]:
    """Imports leave no garbage, and to look through all that is loaded for some takes 25 ms."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
