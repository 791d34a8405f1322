"""What `supaseed doctor` finds: whether tests can run on this machine, and how to mend what is missing."""

from __future__ import annotations

import platform
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import SupaseedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.options import Options

ROOM = 300 << 20
"""Bytes that a cluster with a few datasets takes."""
PACKAGES = ("pytest-supaseed", "pytest", "pytest-postgresql", "psycopg", "factory-boy", "Faker")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, what it said, and what to do where it is not fine."""

    subject: str
    fine: bool
    said: str
    remedies: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def diagnose(options: Options) -> list[Finding]:
    """Look at everything that a run needs; a server is really started, or connected to, and left again.

    Args:
        options: those that a run in this folder would have.
    """
    return [
        Finding("Python", fine=True, said=f"{platform.python_version()} on {platform.platform()}"),
        Finding("packages", fine=True, said=", ".join(_versions())),
        _cache(options),
        _server(options),
    ]


def diagnose_policies(url: str, options: Options) -> list[Finding]:
    """Review the policies of a database that is there already; nothing is written to it.

    What leaves rows open is not fine; what only costs time, or locks a table, is said.

    Args:
        url: the database.
        options: `allow_remote` and what is said of the schema are read.

    Raises:
        SupaseedError: the database cannot be reached or read, or holds no table.
    """
    from pytest_supaseed.isolation.inspected_schema import inspect_database
    from pytest_supaseed.isolation.policy_review import review_policies

    review = review_policies(inspect_database(url, options, source="--policies").catalog)
    found = [Finding(one.table, one.kind not in _OPEN, one.said, (one.remedy,)) for one in review]
    return found or [Finding("policies", fine=True, said="nothing to point at")]


_OPEN = ("off", "open to write")
"""The kinds of findings that leave rows open to others."""


def _versions() -> Iterator[str]:
    from importlib.metadata import version

    for name in PACKAGES:
        yield f"{name} {version(name)}"


def _cache(options: Options) -> Finding:
    from pytest_supaseed.server.resolve import cache_folder

    folder = cache_folder(options)
    free = shutil.disk_usage(_nearest(folder)).free
    if free < ROOM:
        return Finding(
            "cache folder",
            fine=False,
            said=f"{folder}: {free >> 20:,} MiB are free, and {ROOM >> 20} are needed",
            remedies=("free some space", "name another folder: SUPASEED_CACHE_DIR, or cache-dir"),
        )
    return Finding("cache folder", fine=True, said=f"{folder}: {free >> 20:,} MiB are free")


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _server(options: Options) -> Finding:
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.databases import connect_registry
    from pytest_supaseed.server.resolve import resolved_endpoint

    try:
        with resolved_endpoint(options, control_path=control_path(), on_wait=lambda _: None) as endpoint:
            connect_registry(endpoint).close()
            said = "; ".join((f"{endpoint.title} at {endpoint.address}", *endpoint.notes))
            return Finding("server", fine=True, said=said)
    except SupaseedError as error:
        looked_at = tuple(f"looked at {line}" for line in error.looked_at)
        return Finding("server", fine=False, said=error.summary, remedies=(*looked_at, *error.remedies))
