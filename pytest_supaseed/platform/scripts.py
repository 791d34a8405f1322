"""The platform's named SQL files, made runnable.

Two kinds of name stand open in them, both in a notation that the file's own tool understands: `:"owner"` as
in psql, and `@extschema@` as in the script of an extension. They are filled with quoted identifiers, piece by
piece, never by formatting text.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER = ':"owner"'
EXTENSION_SCHEMA = "@extschema@"


def package_folder(name: str) -> Path:
    """A data folder of this package.

    Args:
        name: its path below `platform/`.
    """
    return Path(str(files("pytest_supaseed.platform"))) / name


def script(path: str, names: Mapping[str, str]) -> sql.Composed:
    """A SQL file with its open names filled.

    Args:
        path: the file, below `platform/`.
        names: what stands in the file (`OWNER`, `EXTENSION_SCHEMA`) and the identifier that it stands for.
    """
    text = package_folder(path).read_text(encoding="utf-8")
    pieces: list[str | sql.Identifier] = [text]
    for placeholder, identifier in names.items():
        pieces = [
            part
            for piece in pieces
            for part in (_fill(piece, placeholder, identifier) if isinstance(piece, str) else [piece])
        ]
    return sql.Composed([sql.SQL(piece) if isinstance(piece, str) else piece for piece in pieces])


def _fill(text: str, placeholder: str, identifier: str) -> list[str | sql.Identifier]:
    first, *rest = text.split(placeholder)
    return [first, *(part for piece in rest for part in (sql.Identifier(identifier), piece))]


def digest_of(*folders: str) -> str:
    """A digest over the names and bytes of all files below the given data folders, stable across machines."""
    digest = hashlib.sha256()
    for folder in folders:
        root = package_folder(folder)
        for path in sorted(root.rglob("*.sql")) + sorted(root.rglob("*.control")):
            body = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(b"%s %d\n" % (path.relative_to(root).as_posix().encode(), len(body)))
            digest.update(body)
    return digest.hexdigest()
