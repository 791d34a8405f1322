"""Folders that are ours: made so, and trusted only where nobody else can have put something into them."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.server_user import may_enter

if TYPE_CHECKING:
    from pytest_supaseed.server.server_user import ServerUser

ORIGIN = "origin"
"""Beside clusters that are not in the cache folder: which one they belong to."""

OPEN_TO_PASS = 0o711
"""Others, the server's account among them, may pass through and not look around."""

_SHARED = ("/var/tmp", "/tmp")  # noqa: S108  # ownership of what is inside is checked
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def own_folder(path: Path, mode: int = 0o700) -> Path:
    """Make a folder, or check that the one that is there is ours alone.

    Raises:
        EndpointError: it belongs to somebody else, others may write into it, or it cannot be made.
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        facts = path.lstat()
        refusal = _refusal(facts)
        if refusal is None:
            if sys.platform != "win32" and stat.S_IMODE(facts.st_mode) != mode:
                path.chmod(mode)
            return path
    except OSError as error:
        raise unusable_folder(path, error) from error
    raise EndpointError(
        f"The folder {path} is not used for a server: {refusal}.",
        looked_at=[f"owner and mode of {path}"],
        remedies=[f"remove it: rm -r {path}", "name another folder with --supaseed-cache-dir"],
    )


def _refusal(facts: os.stat_result) -> str | None:
    if not stat.S_ISDIR(facts.st_mode):
        return "it is a link or a file"
    if sys.platform == "win32":
        return None
    if facts.st_uid != os.geteuid():
        return f"it belongs to the account {facts.st_uid}, and we are {os.geteuid()}"
    if facts.st_mode & _OTHERS_WRITE:
        return "others may write into it"
    return None


def unusable_folder(path: Path, error: OSError) -> EndpointError:
    """The error for a folder that is full, read-only or not ours."""
    return EndpointError(
        f"The folder {path} cannot hold a server: {error.strerror or error}.",
        looked_at=[f"{error.filename or path}: {error}"],
        remedies=[
            "name a folder that can be written, with room for 200 MB: --supaseed-cache-dir=FOLDER",
            "use a server that runs already: --supaseed-url",
        ],
    )


def home_for_servers(cache: Path, user: ServerUser | None) -> tuple[Path, tuple[str, ...]]:
    """Return the folder under which clusters are kept, and notes on it.

    It is the cache folder, unless the server's account cannot get there: root's cache is usually below a
    folder that only root may enter, and we do not open what we have not made. Then it is one of ours in
    `/var/tmp`.

    Raises:
        EndpointError: there is no such folder.
    """
    if user is None or may_enter(cache, user):
        _make_cache(cache, 0o700 if user is None else 0o755)
        return own_folder(cache / "servers", OPEN_TO_PASS), ()
    name = f"{home_prefix()}{_short_digest(cache)}"
    for shared in map(Path, _SHARED):
        if shared.is_dir() and may_enter(shared, user):
            note = f"kept in {shared / name}: {user.name}, who runs it, may not enter {cache}"
            home = own_folder(shared / name, OPEN_TO_PASS)
            (home / ORIGIN).write_text(str(cache), encoding="utf-8")
            return home, (note,)
    raise EndpointError(
        f"The server runs as {user.name}, who can enter neither {cache} nor {' nor '.join(_SHARED)}.",
        looked_at=[str(cache), *_SHARED],
        remedies=["name a folder that everybody may enter: --supaseed-cache-dir=/srv/supaseed"],
    )


def home_prefix() -> str:
    """Return how the folders in `/var/tmp` that are ours begin."""
    return f"pytest-supaseed-{os.geteuid() if sys.platform != 'win32' else 0}-"


def _make_cache(cache: Path, mode: int) -> None:
    """Make the cache folder and what is missing above it; what is there keeps its mode."""
    try:
        for folder in reversed([cache, *cache.parents]):
            if not folder.exists():
                folder.mkdir(mode=mode, exist_ok=True)
                if sys.platform != "win32":
                    folder.chmod(mode)
    except OSError as error:
        raise unusable_folder(cache, error) from error


def _short_digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:8]
