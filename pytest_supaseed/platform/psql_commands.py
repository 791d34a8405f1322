"""psql's own commands in SQL files: those that mean nothing here, those that include a file, and the rest."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

_PASSED_OVER = re.compile(r"\\(restrict|unrestrict|echo|qecho|warn|timing|pset|t|x|a|H|f|errverbose)")
"""They shape or guard psql's own session and output."""

_SETTINGS = re.compile(
    r"AUTOCOMMIT|ECHO|ECHO_HIDDEN|FETCH_COUNT|HIDE_\w+|HIST\w+|ON_ERROR_ROLLBACK|ON_ERROR_STOP|PROMPT[123]"
    r"|QUIET|SHOW_\w+|SINGLELINE|SINGLESTEP|VERBOSITY"
)
"""What `\\set` and `\\unset` may name: psql's own variables, which change no statement."""

_INCLUDES = {r"\i": False, r"\include": False, r"\ir": True, r"\include_relative": True}
"""Per command that includes a file: is it found beside the file that includes it, and nowhere else."""

_INCLUDE_LINE = re.compile(rb"\s*(\\i|\\ir|\\include|\\include_relative)[ \t]+(\S.*)")
_UTF8 = {"utf8", "utf-8", "unicode"}
_CONNECT = {r"\c", r"\connect"}


def included_path(command: str, *, place: str, beside: Path | None, root: Path) -> Path | None:
    """Return the file that a psql command includes; None for a command that means nothing here.

    Args:
        command: the line, from its backslash on.
        place: the file and line that it stands in, for messages.
        beside: the folder of the file that it stands in, if it stands in one.
        root: the project's folder.

    Raises:
        SchemaError: the included file does not exist, or the command cannot be run without psql.
    """
    name, _, rest = command.strip().partition(" ")
    if name in _INCLUDES:
        return _found(name, rest.strip(), place, beside, root)
    if _PASSED_OVER.fullmatch(name) or _is_harmless(name, rest.split()):
        return None
    raise SchemaError(
        f"{place}: {command.strip()} is a command of psql and cannot be run here.",
        remedies=[_remedy(name)],
    )


def included_files(path: Path, root: Path) -> list[Path]:
    """Return the files that a file seems to include, for its digest; a line of a text may look like that."""
    found = []
    with path.open("rb") as file:
        for line in file:
            match = _INCLUDE_LINE.match(line) if line.lstrip().startswith(b"\\i") else None
            if match:
                name, rest = match[1].decode(), match[2].decode("utf-8", "replace").strip()
                found += [other for other in _candidates(name, rest, path.parent, root) if other.is_file()][
                    :1
                ]
    return found


def _found(name: str, rest: str, place: str, beside: Path | None, root: Path) -> Path:
    candidates = _candidates(name, rest, beside, root)
    for path in candidates:
        if path.is_file():
            return path
    raise SchemaError(
        f"{place}: {name} {rest} includes a file that does not exist.",
        looked_at=[str(path) for path in candidates],
        remedies=[
            r"correct the path: \ir finds a file beside the one that includes it, \i from the root folder"
        ],
    )


def _candidates(name: str, rest: str, beside: Path | None, root: Path) -> list[Path]:
    written = _unquoted(rest)
    near = [] if beside is None else [beside / written]
    return near if _INCLUDES[name] and near else [root / written, *near]


def _unquoted(rest: str) -> str:
    try:
        parts = shlex.split(rest, posix=True) if rest.startswith("'") else [rest]
    except ValueError:
        parts = [rest]
    return parts[0] if parts else ""


def _is_harmless(name: str, arguments: list[str]) -> bool:
    if name == r"\encoding":
        return not arguments or arguments[0].strip("'").lower() in _UTF8
    return name in {r"\set", r"\unset"} and (not arguments or _SETTINGS.fullmatch(arguments[0]) is not None)


def _remedy(name: str) -> str:
    if name in _CONNECT:
        return "dump one database, without --create: a schema source stays in the database that it is given"
    if name == r"\encoding":
        return "save the file as UTF-8, and take the command out"
    if name == r"\set":
        return "write the value where the variable stands: variables of psql are not filled in"
    return 'take it out, or run the file by a function: schema = ["pkg.mod:function"] in [tool.supaseed]'
