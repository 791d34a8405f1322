"""Splits SQL text into statements where psql would, line by line, so that files of any size pass through.

Quotes, dollar quotes, nested comments, parentheses and `begin atomic` bodies hold their semicolons. psql's
own commands and the data of `copy ... from stdin` are told apart from SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.statement_tokens import reads_stdin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COPY_CHUNK = 64 * 1024
"""Characters of COPY data handed on at once: enough that a chunk's own cost vanishes, nothing to memory."""

_START = r"A-Za-z_\x80-\U0010ffff"
_REST = r"A-Za-z0-9_\x80-\U0010ffff"
# Runs of what cannot open, close or end anything. An identifier is taken whole: it may hold a `$`.
# Only classes of characters are possessive: a group that is matches wrongly before Python 3.11.5 (gh-106052).
_PLAIN = re.compile(rf"""(?:[{_START}][{_REST}$]*+|[^'"$;()\\/\-{_START}]++|-(?!-)|/(?!\*))+""")
_WORD = re.compile(rf"[{_START}][{_REST}$]*+")
_PLAIN_TO_WORD = re.compile(rf"""(?:[^'"$;()\\/\-{_START}]++|-(?!-)|/(?!\*))+""")
_DOLLAR_TAG = re.compile(rf"\$(?:[{_START}][{_REST}]*+)?\$")
_ESCAPED = re.compile(r"(?:[^'\\]++|\\.|'')*", re.DOTALL)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_IN_IDENTIFIER = re.compile(rf"[{_REST}$]")
_END_OF_DATA = frozenset({"\\.\n", "\\.\r\n", "\\."})
_ROUTINES = frozenset({"function", "procedure"})
_BLANK = " \t\n\r\f\v"
_REST_OF_LINE = re.compile(r"[ \t\r\f\v]*(?:--.*)?\n?")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with the blanks and comments before it and its semicolon.

    Attributes:
        text: all of it; the texts of all pieces of a source, joined, are the source without its COPY data.
        line: the number of the line that `text` begins in, from 1.
        offset: where in `text` the first token stands; its length where there is none.
    """

    text: str
    line: int
    offset: int

    @property
    def body(self) -> str:
        """The statement from its first token on; empty where there are only blanks and comments."""
        return self.text[self.offset :]

    @property
    def first_line(self) -> int:
        """The line of the first token."""
        return self.line + self.text.count("\n", 0, self.offset)

    def line_of(self, position: int) -> int:
        """The line of a character of `text`, counted from 1 as Postgres counts positions."""
        return self.line + self.text.count("\n", 0, position - 1)


@dataclass(frozen=True, slots=True)
class PsqlCommand(Statement):
    """A line that begins with a backslash: meant for psql, not for the server."""


class StatementReader:
    r"""Iterates over the statements and psql commands of a source.

    After a `copy ... from stdin`, `copy_data` gives the lines that belong to it; where nobody asks, they
    are passed over.

    Args:
        lines: the text in lines that keep their `\n`; read no faster than statements are asked for.
        name: what to call the source in messages.

    Attributes:
        standard_strings: whether a backslash in '...' is a plain character. May be set between statements, as
            the server's `standard_conforming_strings` is.
    """

    def __init__(self, lines: Iterable[str], *, name: str, standard_strings: bool = True) -> None:
        self.standard_strings = standard_strings
        self.name = name
        self._lines = iter(lines)
        self._number = 0
        self._copy_line: int | None = None
        self._begin_statement(1)

    def __iter__(self) -> Iterator[Statement]:
        for line in self._lines:
            self._number += 1
            yield from self._scan(line)
        if self._opened:
            raise SchemaError(
                f"{self.name} ends inside what begins with {self._opened} in line {self._opened_line}.",
                remedies=["close it, or fetch the file again if it was cut off"],
            )
        if self._parts:
            yield self._end_statement()

    def copy_data(self) -> Iterator[str]:
        r"""Give the data of the COPY statement that was read last, in chunks of whole lines.

        Raises:
            SchemaError: the source ends without the line `\.`.
        """
        begun, self._copy_line = self._copy_line, None
        if begun is None:
            return
        chunk: list[str] = []
        size = 0
        for line in self._lines:
            self._number += 1
            if line in _END_OF_DATA:
                yield "".join(chunk)
                return
            chunk.append(line)
            size += len(line)
            if size >= COPY_CHUNK:
                yield "".join(chunk)
                chunk, size = [], 0
        raise SchemaError(
            f"{self.name} ends inside the data of the COPY in line {begun}: no line \\. closes it.",
            remedies=["fetch the file again: it was cut off"],
        )

    def _begin_statement(self, line: int) -> None:
        self._parts: list[str] = []
        self._first_line = line
        self._offset: int | None = None
        self._length = 0
        self._words: list[str] = []
        self._is_routine: bool | None = None
        self._parentheses = self._blocks = self._comments = 0
        self._opened = ""
        self._opened_line = line
        # An E'...' goes on after a line's end in the next '...', escapes included.
        self._escape_may_go_on = self._line_ended_since = False

    def _end_statement(self, kind: type[Statement] = Statement) -> Statement:
        text = "".join(self._parts)
        offset = len(text) if self._offset is None else self._offset
        statement = kind(text, self._first_line, offset)
        self._begin_statement(self._number)
        return statement

    def _scan(self, line: str) -> Iterator[Statement]:
        at = begun = 0
        if not self._parts:
            self._first_line = self._number
        while at < len(line):
            if self._opened:
                at = self._to_close(line, at)
            elif line[at] == ";" and not self._parentheses and not self._blocks:
                self._touch(at - begun)
                at = begun = self._take_semicolon(line, begun, at + 1)
                yield self._end_statement()
            elif line[at] == "\\":
                self._take(line[begun:at])
                yield self._psql_command(line[at:])
                return
            else:
                at = self._step(line, at, at - begun)
        self._take(line[begun:])

    def _take_semicolon(self, line: str, begun: int, end: int) -> int:
        """Take a statement's last part; return its end. COPY takes the rest of its line: data comes next."""
        copies = self._words == ["copy"] and reads_stdin("".join([*self._parts, line[begun:end]]))
        if copies and _REST_OF_LINE.fullmatch(line, end):
            end = len(line)
        self._take(line[begun:end])
        if copies:
            self._copy_line = self._number
        return end

    def _psql_command(self, command: str) -> Statement:
        if self._offset is not None:
            raise SchemaError(
                f"{self.name}, line {self._number}: {command.split(maxsplit=1)[0]} stands inside a statement;"
                " it is psql's, and cannot be run here.",
                looked_at=[f"the statement that begins in line {self._first_line}"],
                remedies=["end the statement with a semicolon"],
            )
        self._offset = self._length
        self._take(command)
        return self._end_statement(PsqlCommand)

    def _take(self, text: str) -> None:
        if self._copy_line is not None:
            for _ in self.copy_data():
                pass
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _touch(self, within: int) -> None:
        """Note that a token stands here: `within` characters into the part of the line not yet taken."""
        self._escape_may_go_on = False
        if self._offset is None:
            self._offset = self._length + within

    def _step(self, line: str, at: int, within: int) -> int:
        """Pass over one token, or a run of plain text; return where the next begins."""
        character = line[at]
        if character in "'\"":
            return self._open_quote(line, at, within)
        if line.startswith("--", at):
            self._line_ended_since = True
            return len(line)
        if line.startswith("/*", at):
            self._escape_may_go_on = False
            return self._open("/*", at + 2)
        if character == "$" and (tag := _DOLLAR_TAG.match(line, at)):
            self._touch(within)
            return self._open(tag[0], tag.end())
        if character in "();$":
            self._touch(within)
            self._count_parenthesis(character)
            return at + 1
        return self._plain(line, at, within)

    def _count_parenthesis(self, character: str) -> None:
        if character == "(":
            self._parentheses += 1
        elif character == ")":
            self._parentheses = max(0, self._parentheses - 1)

    def _plain(self, line: str, at: int, within: int) -> int:
        if self._is_routine is False:
            found = _PLAIN.match(line, at)
        else:
            found = _WORD.match(line, at) or _PLAIN_TO_WORD.match(line, at)
            if found and _WORD.match(found[0]):
                self._note_word(found[0].lower())
        assert found is not None  # noqa: S101  # every other character was dealt with before
        blank = len(found[0]) - len(found[0].lstrip(_BLANK))
        if blank < len(found[0]):
            self._touch(within + blank)
        elif "\n" in found[0]:
            self._line_ended_since = True
        return found.end()

    def _note_word(self, word: str) -> None:
        if self._is_routine is None:
            self._words.append(word)
            self._is_routine = _is_routine(self._words)
        elif not self._parentheses:
            atomic = word == "atomic" and self._words[-1] == "begin"
            if atomic or (word == "case" and self._blocks):
                self._blocks += 1
            elif word == "end" and self._blocks:
                self._blocks -= 1
            self._words = [word]

    def _open_quote(self, line: str, at: int, within: int) -> int:
        goes_on = self._escape_may_go_on and self._line_ended_since
        self._touch(within)
        if line[at] == '"':
            return self._open('"', at + 1)
        escaped = goes_on or not self.standard_strings or _has_escape_mark(line, at)
        return self._open("E'" if escaped else "'", at + 1)

    def _open(self, opened: str, at: int) -> int:
        self._opened = opened
        self._opened_line = self._number
        self._comments = 1
        return at

    def _to_close(self, line: str, at: int) -> int:
        """Return the place after the end of what is open, or the line's end."""
        if self._opened == "/*":
            return self._to_comment_end(line, at)
        if self._opened == "E'":
            found = _ESCAPED.match(line, at)
            end = found.end() if found else at
            end = end if line.startswith("'", end) else -1
        else:
            end = line.find(self._opened, at)
        if end < 0:
            return len(line)
        self._escape_may_go_on, self._line_ended_since = self._opened == "E'", False
        end += 1 if self._opened == "E'" else len(self._opened)
        self._opened = ""
        return end

    def _to_comment_end(self, line: str, at: int) -> int:
        for edge in _COMMENT_EDGE.finditer(line, at):
            self._comments += 1 if edge[0] == "/*" else -1
            if not self._comments:
                self._opened = ""
                return edge.end()
        return len(line)


def _is_routine(words: list[str]) -> bool | None:
    """Say whether a statement creates a function or procedure; None while its first words do not tell."""
    if words[0] != "create":
        return False
    rest = words[3:] if words[1:3] == ["or", "replace"] else words[1:]
    if not rest or words[1:] == ["or"]:
        return None
    return rest[0] in _ROUTINES


def _has_escape_mark(line: str, at: int) -> bool:
    """Is the quote here that of an E'...': the letter alone, not the end of a name."""
    return at > 0 and line[at - 1] in "eE" and not (at > 1 and _IN_IDENTIFIER.match(line[at - 2]))
