"""A cluster out of a file that `cluster_export` wrote: whole or not at all, and with passwords of its own."""

from __future__ import annotations

import hashlib
import lzma
import os
import secrets
import shutil
import tarfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.archive_manifest import (
    CONTENTS,
    LONGEST_MANIFEST,
    MANIFEST,
    ArchivedFile,
    Manifest,
    postgres_of,
    read_manifest,
    this_system,
    unusable_archive,
)
from pytest_supaseed.server.cluster_state import boot_identity
from pytest_supaseed.server.new_cluster import HALF_MADE, Logins, put_cluster, random_logins
from pytest_supaseed.server.own_folders import OPEN_TO_PASS, own_folder, unusable_folder
from pytest_supaseed.server.resting_cluster import resting
from pytest_supaseed.server.single_user import change_passwords
from pytest_supaseed.server.warden import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.cluster_start import ClusterPlace
    from pytest_supaseed.server.server_user import ServerUser

PIECE = 1 << 20
SPARE_ROOM = 32 << 20
"""Bytes that have to be left on the disk: the server writes as soon as it starts."""


def import_cluster(archive: Path, place: ClusterPlace, *, replace: bool) -> Manifest:
    """Make a cluster of what is in an archive; return what was in it.

    It is unpacked beside the cluster, as regular files alone, which its manifest names, with the sizes and
    digests that this says; and it is put in place when Postgres has opened it. What its databases hold is run
    by the server, as in any cluster: an archive is to be trusted like a program.

    Args:
        archive: the file.
        place: where the cluster goes, and what it will be run with.
        replace: whether one that is there, at rest, is thrown away for it.

    Raises:
        DatasetError: the archive is none, is damaged, or was made for another system.
        EndpointError: the cluster is in use, or is there and may not be replaced, or the folder is full.
    """
    with _opened(archive) as tar:
        manifest = _fitting_manifest(archive, tar, place)
        with resting(place.folder):
            if not replace and (place.folder / DATA).exists():
                raise _is_there(place)
            _refuse_if_full(place.folder, manifest)
            _unpack(archive, tar, manifest, place)
    return manifest


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r|xz") as tar:
            yield tar
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise unusable_archive(archive, f"it is damaged, or no archive of ours ({error})") from error
    except OSError as error:
        raise unusable_archive(archive, error.strerror or str(error)) from error


def _fitting_manifest(archive: Path, tar: tarfile.TarFile, place: ClusterPlace) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > LONGEST_MANIFEST:
        raise unusable_archive(archive, "it does not begin with a manifest")
    manifest = read_manifest(archive, _content(archive, tar, member).read())
    for what, theirs, ours in (
        ("Postgres", manifest.postgres, postgres_of(place.binaries)),
        ("system", manifest.system, this_system()),
    ):
        if theirs != ours:
            raise unusable_archive(archive, f"it was made on another {what}, {theirs}; here it is {ours}")
    return manifest


def _content(archive: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise unusable_archive(archive, f"{member.name} is no file")
    return content


def _refuse_if_full(cluster: Path, manifest: Manifest) -> None:
    free = shutil.disk_usage(cluster).free
    if free < manifest.bytes + SPARE_ROOM:
        raise EndpointError(
            f"The archive's cluster does not fit into {cluster}: it takes {manifest.bytes >> 20} MB.",
            looked_at=[f"{cluster}: {free >> 20} MB are free"],
            remedies=["make room", "name another folder: --cache-dir=FOLDER"],
        )


def _unpack(archive: Path, tar: tarfile.TarFile, manifest: Manifest, place: ClusterPlace) -> None:
    half = place.folder / f"{HALF_MADE}{secrets.token_hex(6)}"
    logins: Logins = random_logins()
    try:
        data = own_folder(half, OPEN_TO_PASS) / DATA
        _make_folders(data, manifest, place.user)
        _make_files(archive, tar, data, manifest, place.user)
        change_passwords(data, place, logins)
        put_cluster(place.folder, data, logins, boot=boot_identity())
    except OSError as error:
        raise unusable_folder(place.folder, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _make_folders(data: Path, manifest: Manifest, user: ServerUser | None) -> None:
    for path in (data, *(data / folder for folder in manifest.folders)):
        path.mkdir(mode=0o700)
        _give(path, user)


def _make_files(
    archive: Path, tar: tarfile.TarFile, data: Path, manifest: Manifest, user: ServerUser | None
) -> None:
    """Write each content to the files that have it; all of them, and nothing else."""
    wanted: dict[str, list[ArchivedFile]] = {}
    for file in manifest.files:
        wanted.setdefault(file.digest, []).append(file)
    while (member := tar.next()) is not None:
        digest = member.name.removeprefix(CONTENTS)
        files = wanted.pop(digest, [])
        if not files or not member.isreg() or {member.size} != {file.size for file in files}:
            raise unusable_archive(archive, f"{member.name!r} is nothing that its manifest names")
        first = data / files[0].path
        if _write(_content(archive, tar, member), first) != digest:
            raise unusable_archive(archive, f"what belongs into {files[0].path} is damaged")
        _give(first, user)
        for other in files[1:]:
            shutil.copyfile(first, data / other.path)
            (data / other.path).chmod(0o600)
            _give(data / other.path, user)
    if wanted:
        raise unusable_archive(archive, f"it lacks the contents of {len(wanted)} files")


def _write(content: IO[bytes], target: Path) -> str:
    """Write a file; return the digest of what was written."""
    digest = hashlib.sha256()
    file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as stream:
        while piece := content.read(PIECE):
            digest.update(piece)
            stream.write(piece)
    return digest.hexdigest()


def _give(path: Path, user: ServerUser | None) -> None:
    if user is not None:
        os.chown(path, user.uid, user.gid)


def _is_there(place: ClusterPlace) -> EndpointError:
    return EndpointError(
        f"There is a cluster of {place.binaries.title} already.",
        looked_at=[str(place.folder)],
        remedies=["throw it away for that of the archive: --replace"],
    )
