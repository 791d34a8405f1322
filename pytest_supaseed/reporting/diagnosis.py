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
    from pytest_supaseed.server.endpoint import Endpoint

ROOM = 300 << 20
"""Bytes that a cluster with a few datasets takes."""
_MAY_CREATE = "select from pg_catalog.pg_roles where rolname = current_user and (rolcreatedb or rolsuper)"
MEMORY = 256 << 20
"""Bytes that a server and a worker take, with a small dataset."""
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
        _packages(),
        _machine(),
        _cache(options),
        *_server(options),
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


def _packages() -> Finding:
    """Whether what is installed is what this package asks for: a lock file may say otherwise."""
    from importlib.metadata import version

    unmet = list(_unmet())
    said = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    if not unmet:
        return Finding("packages", fine=True, said=said)
    wanted = " ".join(f'"{one}"' for one, _ in unmet)
    return Finding(
        "packages",
        fine=False,
        said=f"{said}; {', '.join(f'{one} is asked for, and {there} is there' for one, there in unmet)}",
        remedies=(f"pip install {wanted}",),
    )


def _unmet() -> Iterator[tuple[str, str]]:
    """The requirements that are not met, and what is there."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement  # pytest brings it

    for text in requires("pytest-supaseed") or ():
        asked = Requirement(text)
        if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
            continue
        try:
            there = version(asked.name)
        except PackageNotFoundError:
            there = "none"
        if there == "none" or not asked.specifier.contains(there, prereleases=True):
            yield f"{asked.name}{asked.specifier}", there


def _machine() -> Finding:
    import os

    import psutil

    memory = psutil.virtual_memory()
    said = (
        f"{os.cpu_count() or 1} processors, {memory.total >> 20:,} MiB of memory,"
        f" {memory.available >> 20:,} free"
    )
    if memory.available < MEMORY:
        return Finding(
            "machine",
            fine=False,
            said=f"{said}, and {MEMORY >> 20} are needed",
            remedies=("end what takes it", "let pytest-xdist start fewer workers: -n 1"),
        )
    return Finding("machine", fine=True, said=said)


def _cache(options: Options) -> Finding:
    from pytest_supaseed.server.resolve import cache_folder

    folder = cache_folder(options)
    free = shutil.disk_usage(_nearest(folder)).free
    unwritable = _unwritable(_nearest(folder))
    if unwritable:
        return Finding(
            "cache folder",
            fine=False,
            said=f"{folder}: {unwritable}",
            remedies=("make the folder yours", "name another folder: SUPASEED_CACHE_DIR, or cache-dir"),
        )
    if free < ROOM:
        return Finding(
            "cache folder",
            fine=False,
            said=f"{folder}: {free >> 20:,} MiB are free, and {ROOM >> 20} are needed",
            remedies=("free some space", "name another folder: SUPASEED_CACHE_DIR, or cache-dir"),
        )
    return Finding("cache folder", fine=True, said=f"{folder}: {free >> 20:,} MiB are free")


def _unwritable(folder: Path) -> str:
    """Why nothing can be written into a folder, found by trying; empty where it can."""
    from tempfile import TemporaryFile

    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"supaseed")
    except OSError as error:
        return f"nothing can be written into {folder}: {error.strerror}"
    return ""


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _server(options: Options) -> Iterator[Finding]:
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.databases import connect_registry
    from pytest_supaseed.server.resolve import resolved_endpoint

    try:
        with resolved_endpoint(options, control_path=control_path(), on_wait=lambda _: None) as endpoint:
            with connect_registry(endpoint) as registry:
                may_create = registry.execute(_MAY_CREATE).fetchone() is not None
            said = "; ".join((f"{endpoint.title} at {endpoint.address}", *endpoint.notes))
            yield Finding("server", fine=True, said=said)
            yield _permissions(endpoint, may_create=may_create)
    except SupaseedError as error:
        looked_at = tuple(f"looked at {line}" for line in error.looked_at)
        yield Finding("server", fine=False, said=error.summary, remedies=(*looked_at, *error.remedies))


def _permissions(endpoint: Endpoint, *, may_create: bool) -> Finding:
    """What the login may do."""
    if not may_create:
        return Finding(
            "permissions",
            fine=False,
            said=f"{endpoint.user} may not make databases",
            remedies=(f"let a superuser run: alter role {endpoint.user} createdb",),
        )
    if endpoint.is_superuser:
        said = f"{endpoint.user} may make databases, and switch triggers off as a superuser"
        return Finding("permissions", fine=True, said=said)
    return Finding(
        "permissions",
        fine=True,
        said=f"{endpoint.user} may make databases, and is no superuser: a test's database is replaced by a"
        " new copy and not put back, and values that triggers draw differ from run to run",
        remedies=(f"if that is too slow: alter role {endpoint.user} superuser, on a server for tests",),
    )
