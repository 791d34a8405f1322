"""A cluster as one file, to be carried to another machine."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import subprocess
import tarfile
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.server.archive_manifest import (
    ARCHIVE_FORMAT,
    CONTENTS,
    MANIFEST,
    ArchivedFile,
    Manifest,
    postgres_of,
    this_system,
)
from pytest_supaseed.server.new_cluster import server_environment
from pytest_supaseed.server.resting_cluster import resting
from pytest_supaseed.server.server_process import has_ended_well
from pytest_supaseed.server.warden import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_supaseed.server.binaries import Binaries

PRESET = 1
"""Of xz. Measured on 371 MB in 38 databases, of which 103 MB differ: 1.1 MB in 0.7 s. Preset 3 takes 1.1 s
for 1.0 MB, preset 0 makes 2.6 MB, gzip 12 MB; without taking each content once, gzip makes 48 MB in 5 s."""

MADE_AT_START = frozenset(
    {"pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"}
)
"""Folders whose contents a start makes anew, as pg_basebackup and the chapter on backups say:
https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA"""
NOT_CARRIED = frozenset({"postmaster.pid", "postmaster.opts", "pg_internal.init", "current_logfiles"})
"""Likewise of no use anywhere else."""
TEMPORARY = "pgsql_tmp"
CONTROL_SECONDS = 60


def export_cluster(
    cluster: Path, target: Path, *, binaries: Binaries, datasets: Sequence[Mapping[str, Any]]
) -> Manifest:
    """Write a cluster that nobody uses into a file; return what is in it.

    Its passwords are not: they lie beside the data. What the data holds of them are verifiers, from which
    nobody can tell random passwords.

    Args:
        cluster: the cluster's folder.
        target: the file, which is replaced as a whole.
        binaries: what the cluster is run by.
        datasets: what the manifest says of the cluster's templates.

    Raises:
        EndpointError: the cluster is in use.
        DatasetError: it was not shut down, or the file cannot be written.
    """
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        with resting(cluster):
            data = cluster / DATA
            if not has_ended_well(data):
                raise DatasetError(
                    f"The server of {cluster} was not shut down.",
                    looked_at=[str(data / "postmaster.pid")],
                    remedies=["run pytest once: that recovers what can be recovered"],
                )
            manifest = _manifest(cluster, binaries, datasets)
            _write(half, data, manifest)
        os.replace(half, target)  # noqa: PTH105  # Path.replace would do the same
    except OSError as error:
        raise DatasetError(
            f"The archive {target} cannot be written: {error.strerror or error}.",
            looked_at=[f"{error.filename or target}: {error}"],
            remedies=["name a file in a folder that can be written, on a disk with room"],
        ) from error
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _manifest(cluster: Path, binaries: Binaries, datasets: Sequence[Mapping[str, Any]]) -> Manifest:
    data = cluster / DATA
    last = _last_wal_file(binaries, data)
    folders, files = [], []
    for path in _walk(data):
        inside = path.relative_to(data).as_posix()
        if path.is_dir():
            folders.append(inside)
        elif not (inside.startswith("pg_wal/") and _is_beyond(path.name, last)):
            files.append(ArchivedFile(inside, path.stat().st_size, _digest(path)))
    return Manifest(
        format=ARCHIVE_FORMAT,
        package=version("pytest-supaseed"),
        postgres=postgres_of(binaries),
        system=this_system(),
        cluster=cluster.name,
        datasets=tuple(datasets),
        folders=tuple(folders),
        files=tuple(files),
    )


def _walk(folder: Path) -> Iterator[Path]:
    """All that is carried, folders before what is in them; links are none of it."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in NOT_CARRIED or path.name.startswith(TEMPORARY):
            continue
        if path.is_dir():
            yield path
            if path.name not in MADE_AT_START:
                yield from _walk(path)
        elif path.is_file():
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _last_wal_file(binaries: Binaries, data: Path) -> str | None:
    """The WAL file that holds the last checkpoint, by `pg_controldata`; None where that is not installed."""
    program = binaries.postgres.with_name(f"pg_controldata{binaries.postgres.suffix}")
    if not program.is_file():
        return None
    done = subprocess.run(
        [program, "-D", data],
        env=server_environment(),
        capture_output=True,
        text=True,
        timeout=CONTROL_SECONDS,
        check=False,
    )
    facts = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    if facts.get("Database cluster state", "").strip() != "shut down":
        return None
    return facts.get("Latest checkpoint's REDO WAL file", "").strip() or None


def _is_beyond(name: str, last: str | None) -> bool:
    """Whether a WAL file was renamed for future use and holds nothing yet; after a shutdown nothing follows.

    https://www.postgresql.org/docs/current/wal-configuration.html: those that are not needed any more are
    renamed to become future segments. They are up to 256 of a megabyte each.
    """
    return last is not None and len(name) == len(last) and name > last


def _write(target: Path, data: Path, manifest: Manifest) -> None:
    """Files of one name follow each other: in most databases they are alike, and xz sees what is near."""
    file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(file, "wb") as stream,
        lzma.open(stream, "wb", preset=PRESET) as packed,
        tarfile.open(fileobj=packed, mode="w:", format=tarfile.PAX_FORMAT) as archive,
    ):
        _add(archive, MANIFEST, manifest.to_json().encode())
        once = {one.digest: one for one in manifest.files}
        for one in sorted(once.values(), key=lambda one: (one.path.rpartition("/")[2], one.path)):
            member = tarfile.TarInfo(f"{CONTENTS}{one.digest}")
            member.size = one.size
            with (data / one.path).open("rb") as content:
                archive.addfile(member, content)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
