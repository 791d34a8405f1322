"""The lines of a SQL file: decoded one by one, and what is no SQL text told from what is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_AS_UTF8 = "save it as UTF-8 (pg_dump: --encoding=UTF8; PowerShell: Out-File -Encoding utf8)"
_OTHER_FORMATS = {
    b"PGDMP": ("an archive of pg_dump", "turn it into SQL: pg_restore --no-owner -f dump.sql <the archive>"),
    b"\x1f\x8b": ("compressed by gzip", "unpack it: gunzip <the file>"),
    b"(\xb5/\xfd": ("compressed by zstd", "unpack it: unzstd <the file>"),
}

DUMP_HEAD = 4096
"""Bytes within which a plain dump shows itself: by its header, or where that was cut off by its settings."""

_DUMP = re.compile(
    rb"^-- PostgreSQL database (cluster )?dump\r?$|^SET statement_timeout = 0;\r?$", re.MULTILINE
)


def read_lines(path: Path, name: str) -> Iterator[str]:
    r"""Give a file's lines, each with its `\n`, as they are asked for.

    Args:
        path: the file.
        name: what to call it in messages.

    Raises:
        SchemaError: it cannot be read, is not UTF-8, or is no text.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                yield _decoded(_first(line, name) if number == 1 else line, name, number)
    except OSError as error:
        raise SchemaError(f"{name} cannot be read: {error.strerror}.", looked_at=[str(path)]) from error


def is_dump(path: Path) -> bool:
    """Say whether pg_dump wrote a file as plain SQL, by its first bytes; no, where it cannot be read."""
    try:
        with path.open("rb") as file:
            return _DUMP.search(file.read(DUMP_HEAD)) is not None
    except OSError:
        return False


def _first(line: bytes, name: str) -> bytes:
    for mark, (what, remedy) in _OTHER_FORMATS.items():
        if line.startswith(mark):
            raise SchemaError(f"{name} is {what}; a schema source is plain SQL.", remedies=[remedy])
    if line.startswith(_UTF16_MARKS):
        raise SchemaError(f"{name} is UTF-16; SQL files are read as UTF-8.", remedies=[_AS_UTF8])
    return line.removeprefix(_UTF8_MARK)


def _decoded(line: bytes, name: str, number: int) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SchemaError(
            f"{name}, line {number}: its byte {error.start + 1}, 0x{line[error.start]:02x}, is not UTF-8.",
            remedies=[_AS_UTF8],
        ) from None
    if "\x00" in text:
        raise SchemaError(
            f"{name}, line {number} holds a zero byte, which no SQL text can.", remedies=[_AS_UTF8]
        )
    return text
