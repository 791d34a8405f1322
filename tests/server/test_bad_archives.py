"""Tests of server.cluster_import and archive_manifest: what is refused, and that nothing of it is left."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tarfile
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest
from carried_clusters import (
    carried_cluster,
    export,
    first_member,
    nothing_is_left,
    place_in,
    rewrite,
    running,
    write_tar,
)
from cluster_processes import databases, execute, our_processes
from own_clusters import cache_folder

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.server import cluster_import as importing
from pytest_supaseed.server.archive_manifest import read_manifest
from pytest_supaseed.server.cluster_import import import_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def source() -> Iterator[Path]:
    """A cache folder with a cluster at rest."""
    with carried_cluster() as folder:
        yield folder


@pytest.fixture(scope="module")
def archive(source: Path) -> Path:
    """What that cluster was exported to."""
    target = source / "kept.tar.xz"
    export(source, target)
    return target


@pytest.fixture
def cache() -> Iterator[Path]:
    """An empty cache folder."""
    with cache_folder() as folder:
        yield folder


def truncated(archive: Path, target: Path) -> None:
    """Its first two thirds, as after a broken download."""
    content = archive.read_bytes()
    target.write_bytes(content[: len(content) * 2 // 3])


def cut_at_the_manifest(archive: Path, target: Path) -> None:
    """Nothing but its beginning."""
    target.write_bytes(archive.read_bytes()[:300])


def garbled(archive: Path, target: Path) -> None:
    """One byte in the middle is another."""
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(content)


def no_archive(archive: Path, target: Path) -> None:
    """Somebody's text."""
    target.write_text("hello\n" * 100)


def empty(archive: Path, target: Path) -> None:
    """A file of no bytes."""
    target.write_bytes(b"")


def somebody_s_tar(archive: Path, target: Path) -> None:
    """A tar of something else."""
    write_tar(target, [(tarfile.TarInfo("README"), b"hello")])


def without_a_file(archive: Path, target: Path) -> None:
    """A sound archive whose last member is missing."""
    rewrite(archive, target, lambda members: members[:-1])


def with_a_file_more(archive: Path, target: Path) -> None:
    """A member that the manifest does not name."""
    rewrite(archive, target, lambda members: [*members, (tarfile.TarInfo("contents/more"), b"x")])


def with_another_content(archive: Path, target: Path) -> None:
    """A content of the right size that is not what its name says."""
    rewrite(archive, target, lambda members: [members[0], *map(flipped, members[1:])])


def flipped(one: tuple[tarfile.TarInfo, bytes]) -> tuple[tarfile.TarInfo, bytes]:
    """A member whose first byte is another."""
    member, content = one
    return member, bytes([content[0] ^ 1]) + content[1:] if content else content


def with_a_link(archive: Path, target: Path) -> None:
    """A link in place of a content."""
    rewrite(
        archive, target, lambda members: [members[0], linked(members[1][0], tarfile.SYMTYPE), *members[2:]]
    )


def with_a_hard_link(archive: Path, target: Path) -> None:
    """A hard link to a file of the machine."""
    rewrite(
        archive, target, lambda members: [members[0], linked(members[1][0], tarfile.LNKTYPE), *members[2:]]
    )


def with_a_device(archive: Path, target: Path) -> None:
    """A device in place of a content."""
    rewrite(
        archive, target, lambda members: [members[0], linked(members[1][0], tarfile.CHRTYPE), *members[2:]]
    )


def linked(member: tarfile.TarInfo, kind: bytes) -> tuple[tarfile.TarInfo, bytes]:
    """A member of the same name that is no file."""
    made = tarfile.TarInfo(member.name)
    made.type, made.linkname = kind, "/etc/passwd"
    return made, b""


def with_a_name_above(archive: Path, target: Path) -> None:
    """A member that wants to lie elsewhere."""
    rewrite(archive, target, lambda members: [*members, (tarfile.TarInfo("../../evil"), b"x")])


BAD_ARCHIVES = [
    truncated,
    cut_at_the_manifest,
    garbled,
    no_archive,
    empty,
    somebody_s_tar,
    without_a_file,
    with_a_file_more,
    with_another_content,
    with_a_link,
    with_a_hard_link,
    with_a_device,
    with_a_name_above,
]


@pytest.mark.parametrize("spoil", BAD_ARCHIVES, ids=lambda spoil: spoil.__name__)
def test_a_bad_archive_is_refused(
    archive: Path, cache: Path, tmp_path: Path, spoil: Callable[[Path, Path], None]
) -> None:
    """By one error that names it; nothing of it is left, and nothing lies anywhere else."""
    target = tmp_path / "bad.tar.xz"
    spoil(archive, target)
    with pytest.raises(DatasetError, match="cannot be used") as raised:
        import_cluster(target, place_in(cache), replace=False)
    assert str(target) in str(raised.value)
    assert nothing_is_left(cache)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.xz"]


def test_a_bad_archive_leaves_the_cluster_that_is_there(archive: Path, cache: Path, tmp_path: Path) -> None:
    """It was to be replaced, and is not."""
    with running(cache) as endpoint:
        execute(endpoint.conninfo(), "create database supaseed_mine")
    without_a_file(archive, tmp_path / "bad.tar.xz")
    with pytest.raises(DatasetError, match="it lacks the contents"):
        import_cluster(tmp_path / "bad.tar.xz", place_in(cache), replace=True)
    with running(cache) as endpoint:
        assert "supaseed_mine" in databases(endpoint.conninfo())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "it is of format 2, and this release reads 1"),
        ({"postgres": "embedded 17.2"}, "another Postgres, embedded 17.2; here it is"),
        ({"system": "linux sparc64"}, "another system, linux sparc64; here it is"),
        ({"files": [{"path": "../evil", "size": 1, "digest": "0" * 64}]}, "no file of a cluster: '../evil'"),
        ({"files": [{"path": "/etc/passwd", "size": 1, "digest": "0" * 64}]}, "'/etc/passwd'"),
        ({"files": [{"path": "base\\..\\evil", "size": 1, "digest": "0" * 64}]}, "evil"),
        ({"files": [{"path": "C:evil", "size": 1, "digest": "0" * 64}]}, "C:evil"),
        ({"files": [{"path": "x\0", "size": 1, "digest": "0" * 64}]}, "no file of a cluster"),
        ({"files": [{"path": "base/.", "size": 1, "digest": "0" * 64}]}, "no file of a cluster"),
        ({"files": [{"path": "nowhere/1", "size": 1, "digest": "0" * 64}]}, "nowhere/1"),
        ({"files": [{"path": "one", "size": -1, "digest": "0" * 64}]}, "no file of a cluster: 'one'"),
        ({"files": [{"path": "one", "size": True, "digest": "0" * 64}]}, "no file of a cluster: 'one'"),
        ({"files": [{"path": "one", "size": 1, "digest": "../../x"}]}, "no file of a cluster: 'one'"),
        ({"files": [{"path": "one", "size": 0, "digest": "0" * 64}] * 2}, "no file of a cluster: 'one'"),
        ({"folders": ["..", "../evil"]}, "no file of a cluster: '..'"),
        ({"folders": ["base", "base"]}, "no file of a cluster: 'base'"),
        ({"files": 5}, "manifest cannot be read"),
        ({"files": [{"path": 5, "size": 1, "digest": "0" * 64}]}, "manifest cannot be read"),
        ({"unknown": 5}, "manifest cannot be read"),
    ],
    ids=lambda value: str(value)[:40].replace("\0", "NUL") if isinstance(value, dict) else "",
)
def test_a_manifest_that_does_not_fit_is_refused(
    archive: Path, cache: Path, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    """Another format, Postgres or processor; and every name that is not one of a cluster's files."""
    manifest = {**json.loads(first_member(archive)), **change}
    target = tmp_path / "bad.tar.xz"
    write_tar(target, [(tarfile.TarInfo("manifest.json"), json.dumps(manifest).encode())])
    with pytest.raises(DatasetError) as raised:
        import_cluster(target, place_in(cache), replace=False)
    assert why in str(raised.value)
    assert nothing_is_left(cache)


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"{}", b"\xff", b'{"format": 1}'])
def test_what_is_no_manifest_is_refused(text: bytes, tmp_path: Path) -> None:
    """Whatever it is, by the same error."""
    with pytest.raises(DatasetError, match="manifest cannot be read"):
        read_manifest(tmp_path / "x", text)


def test_a_disk_without_room_is_found_before_anything_is_written(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how much it takes."""
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 30, 1 << 30, 1 << 20))
    with pytest.raises(EndpointError, match="does not fit into") as raised:
        import_cluster(archive, place_in(cache), replace=False)
    assert "1 MB are free" in str(raised.value)
    assert nothing_is_left(cache)


def test_a_disk_that_fills_up_leaves_nothing(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else wrote meanwhile."""
    real, written = importing._write, []

    def full(content: Any, target: Path) -> str:
        written.append(target)
        if len(written) > 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        return real(content, target)

    monkeypatch.setattr(importing, "_write", full)
    with pytest.raises(EndpointError, match="No space left on device"):
        import_cluster(archive, place_in(cache), replace=False)
    assert nothing_is_left(cache)


def test_a_cluster_that_postgres_does_not_open_is_not_put_in_place(
    archive: Path, cache: Path, tmp_path: Path
) -> None:
    """Every digest fits, and what says which version the data is of is missing: no server would start."""
    manifest = json.loads(first_member(archive))
    versions = [one for one in manifest["files"] if one["path"].endswith("PG_VERSION")]
    names = {f"contents/{one['digest']}" for one in versions}
    manifest["files"] = [one for one in manifest["files"] if one not in versions]

    def without_version(members: list[Any]) -> list[Any]:
        first = (tarfile.TarInfo("manifest.json"), json.dumps(manifest).encode())
        return [first, *(one for one in members[1:] if one[0].name not in names)]

    rewrite(archive, tmp_path / "bad.tar.xz", without_version)
    with pytest.raises(EndpointError, match="cannot open the cluster"):
        import_cluster(tmp_path / "bad.tar.xz", place_in(cache), replace=False)
    assert nothing_is_left(cache)
    assert our_processes(cache) == []
