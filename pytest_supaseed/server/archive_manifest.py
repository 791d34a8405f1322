"""What is in an archive of a cluster: its first member, which says of each file where it belongs.

A clone is its template byte by byte, so that most files of a cluster are there many times over. The archive
holds each content once, named by its digest, and the manifest says which files have it.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_supaseed.server.binaries import Binaries

ARCHIVE_FORMAT = 1
"""Counts up when an older release can no longer read what a newer one writes."""
MANIFEST = "manifest.json"
CONTENTS = "contents/"
LONGEST_MANIFEST = 256 << 20
"""Bytes: a cluster of 1,000 datasets of 500 files has 60 MB; what is beyond is no manifest."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""What Postgres calls its files: no `..`, no separator, nothing hidden."""


@dataclass(frozen=True)
class ArchivedFile:
    """A file of the cluster's data.

    Args:
        path: where it belongs, with `/`, below the data folder.
        size: bytes.
        digest: SHA-256 of the content, as hexadecimal digits.
    """

    path: str
    size: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """An archive's description.

    Args:
        format: of the archive.
        package: the version of this package that wrote it.
        postgres: what made the cluster: `embedded 18.6`.
        system: what it ran on: `linux x86_64`.
        cluster: the name of the cluster's folder there.
        datasets: of each template: `name`, `kind`, `title`, `bytes`.
        folders: all folders, those above before those below.
        files: all files.
    """

    format: int
    package: str
    postgres: str
    system: str
    cluster: str
    datasets: tuple[Mapping[str, Any], ...]
    folders: tuple[str, ...]
    files: tuple[ArchivedFile, ...]

    @property
    def bytes(self) -> int:
        """What the cluster takes when it is unpacked."""
        return sum(file.size for file in self.files)

    def to_json(self) -> str:
        """Return it as text that `read_manifest` reads."""
        return json.dumps(asdict(self), separators=(",", ":"))


def postgres_of(binaries: Binaries) -> str:
    """Return what a cluster has to be made by to be run by these binaries."""
    return f"{binaries.kind} {binaries.version}"


def this_system() -> str:
    """Return what a cluster has to be made on to run here: its files hold numbers as the processor does."""
    return f"{sys.platform} {platform.machine().lower()}"


def read_manifest(archive: Path, text: bytes) -> Manifest:
    """Return a manifest.

    Raises:
        DatasetError: it is none, is of another format, or names files that lie elsewhere than in a cluster.
    """
    try:
        said: dict[str, Any] = json.loads(text)
        if said["format"] != ARCHIVE_FORMAT:
            raise unusable_archive(
                archive, f"it is of format {said['format']}, and this release reads {ARCHIVE_FORMAT}"
            )
        files = tuple(ArchivedFile(**file) for file in said.pop("files"))
        said |= {key: tuple(said[key]) for key in ("datasets", "folders")}
        manifest = Manifest(**said, files=files)
        wrong = _first_wrong(manifest)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise unusable_archive(archive, f"its manifest cannot be read: {error!r}") from error
    if wrong is not None:
        raise unusable_archive(archive, f"its manifest names what is no file of a cluster: {wrong!r}")
    return manifest


def _first_wrong(manifest: Manifest) -> object:
    """What is no name, size or digest, or stands twice, or lies in no folder."""
    folders = {""}
    for path in manifest.folders:
        if not _is_below(path, folders) or path in folders:
            return path
        folders.add(path)
    seen = set(folders)
    for file in manifest.files:
        is_sound = type(file.size) is int and file.size >= 0 and _DIGEST.fullmatch(file.digest)
        if not is_sound or not _is_below(file.path, folders) or file.path in seen:
            return file.path
        seen.add(file.path)
    return None


def _is_below(path: str, folders: set[str]) -> bool:
    above, _, name = path.rpartition("/")
    return above in folders and _NAME.fullmatch(name) is not None


def unusable_archive(archive: Path, why: str) -> DatasetError:
    """The error for an archive that cannot be imported here."""
    return DatasetError(
        f"The archive {archive} cannot be used: {why}.",
        looked_at=[str(archive)],
        remedies=[
            "export it again: supaseed cache export FILE, on a machine like this one",
            "go without: the next run makes its datasets itself",
        ],
    )
