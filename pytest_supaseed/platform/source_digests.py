"""What tells one schema source from another: bytes of files, sources and constants of functions."""

from __future__ import annotations

import inspect
import os
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.psql_commands import included_files

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 20
_PLAIN = (str, bytes, int, float, complex, bool, type(None), Path)
"""Values whose `repr` says all there is, and the same in every run."""


class Digest(Protocol):
    """What bytes can be added to: an object of `hashlib`."""

    def update(self, data: bytes, /) -> object:
        """Add bytes."""


def add_file(digest: Digest, path: Path, root: Path, seen: frozenset[Path] = frozenset()) -> None:
    """Add a file's name and bytes to a digest, and those of the files that it includes.

    Raises:
        SchemaError: it cannot be read.
    """
    add_bytes(digest, path, root)
    try:
        included = included_files(path, root)
    except OSError as error:
        raise _unreadable(path, root, error) from error
    for other in included:
        if other not in seen:
            add_file(digest, other, root, seen | {path, other})


def add_bytes(digest: Digest, path: Path, root: Path) -> None:
    """Add a file's name and bytes to a digest.

    Raises:
        SchemaError: it cannot be read.
    """
    try:
        _add(digest, "file", _portable(path, root), str(path.stat().st_size))
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable(path, root, error) from error


def _unreadable(path: Path, root: Path, error: OSError) -> SchemaError:
    return SchemaError(f"{_portable(path, root)} cannot be read: {error.strerror}.", looked_at=[str(path)])


def _portable(path: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # on Windows, another drive
        return path.as_posix()


def add_callable(digest: Digest, function: Callable[..., object]) -> None:
    """Add a function to a digest: its name, its module's source, and the constants that it holds."""
    _add_value(digest, function, set())


def _add_value(digest: Digest, value: object, seen: set[int]) -> None:
    if isinstance(value, _PLAIN):
        _add(digest, "value", type(value).__name__, repr(value))
    elif id(value) in seen:
        _add(digest, "again")
    elif isinstance(value, list | tuple | dict | set | frozenset):
        _add_members(digest, value, seen | {id(value)})
    elif isinstance(value, FunctionType):
        _add_function(digest, value, seen | {id(value)})
    elif isinstance(value, MethodType):
        _add_value(digest, value.__func__, seen | {id(value)})
        _add_value(digest, value.__self__, seen | {id(value)})
    else:
        _add_object(digest, value, seen | {id(value)})


def _add_members(
    digest: Digest,
    members: list[object] | tuple[object, ...] | dict[object, object] | set[object] | frozenset[object],
    seen: set[int],
) -> None:
    _add(digest, type(members).__name__, str(len(members)))
    if isinstance(members, set | frozenset):
        members = sorted(members, key=repr)
    for member in members.items() if isinstance(members, dict) else members:
        _add_value(digest, member, seen)


def _add_function(digest: Digest, function: FunctionType, seen: set[int]) -> None:
    _add(digest, "function", function.__module__ or "", function.__qualname__)
    _add_source(digest, function)
    _add_code(digest, function.__code__)
    _add_value(digest, function.__defaults__, seen)
    _add_value(digest, function.__kwdefaults__, seen)
    for cell in function.__closure__ or ():
        try:
            _add_value(digest, cell.cell_contents, seen)
        except ValueError:  # a name that was never assigned
            _add(digest, "empty")


def _add_object(digest: Digest, value: object, seen: set[int]) -> None:
    """Add a class, a module, a `partial`, or another object: what it is, and the constants that it holds."""
    if isinstance(value, ModuleType):
        _add(digest, "module", value.__name__)
        return
    kind = value if isinstance(value, type) else type(value)
    _add(digest, "object", kind.__module__, kind.__qualname__)
    _add_source(digest, kind)
    if isinstance(value, partial):
        _add_value(digest, (value.func, value.args, value.keywords), seen)
    elif not isinstance(value, type):
        held = sorted(getattr(value, "__dict__", {}).items())
        _add_value(digest, [pair for pair in held if isinstance(pair[1], _PLAIN)], seen)


def _add_source(digest: Digest, of: type | FunctionType) -> None:
    try:
        file = inspect.getsourcefile(of)
        _add(digest, "source")
        digest.update(Path(file).read_bytes() if file else b"")
    except (OSError, TypeError):  # built in, or typed at a prompt: its code is all there is
        _add(digest, "no source")


def _add_code(digest: Digest, code: CodeType) -> None:
    """Add what a function computes with: several of one module may differ in nothing else."""
    _add(digest, "code", code.co_code.hex(), *code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _add_code(digest, constant)
        else:
            _add_value(digest, constant, set())


def _add(digest: Digest, *parts: str) -> None:
    for part in parts:
        body = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(body))
        digest.update(body)
