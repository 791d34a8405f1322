"""Patterns of Postgres, regular expressions and LIKE, as Python's, and text that matches them."""

from __future__ import annotations

import importlib
import re
import warnings
from functools import lru_cache
from typing import Any, Protocol

_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "lower": "a-z", "upper": "A-Z",
    "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "word": r"\w",
    "print": r"\x20-\x7e", "graph": r"\x21-\x7e", "cntrl": r"\x00-\x1f",
}  # fmt: skip
_ESCAPES = {"m": r"\b(?=\w)", "M": r"\b(?<=\w)", "y": r"\b", "Y": r"\B", "Z": r"\Z", "A": r"\A"}
_ORDINARY = "abcdefghijklmnopqrstuvwxyz0123456789"
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": _ORDINARY + "_",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "abcdefghijklmnopqrstuvwxyz",
    "CATEGORY_NOT_WORD": "-. ",
    "CATEGORY_NOT_SPACE": _ORDINARY,
}
_PRINTABLE = [chr(code) for code in range(32, 127)]
USUAL_REPEATS = 8
"""How often an open repetition is repeated beyond its least count: words are about that long."""


class Chooser(Protocol):
    """What decides: a row's draws, or its number where values have to differ."""

    def below(self, bound: int) -> int:
        """A whole number from 0 up to `bound`, exclusive."""
        ...


class Digits:
    """Choices that spell a number: different numbers choose differently, as far as there are choices."""

    def __init__(self, number: int) -> None:
        self.left = number
        self.capacity = 1

    def below(self, bound: int) -> int:
        """The number's next digit, in base `bound`."""
        self.left, digit = divmod(self.left, bound)
        self.capacity *= bound
        return digit


@lru_cache(maxsize=4096)
def python_pattern(operator: str, pattern: str) -> re.Pattern[str]:
    """The Python pattern that `search`es as a Postgres operator matches.

    Args:
        operator: `~`, `~*`, `~~` or `~~*`.
        pattern: the pattern's text.

    Raises:
        re.error: it is no pattern that both understand.
    """
    flags = re.DOTALL | (re.IGNORECASE if operator.endswith("*") else 0)
    text = _from_like(pattern) if operator.startswith("~~") else _from_posix(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of sets within sets, which Python may read some day
        return re.compile(text, flags)


def _from_like(pattern: str) -> str:
    pieces, escaped = [], False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            pieces.append(re.escape(letter))
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            pieces.append(".*" if letter == "%" else ".")
    return rf"\A{''.join(pieces)}\Z"


def similar_pattern(pattern: str) -> str:
    """A SIMILAR TO pattern as a regular expression, as `similar_to_escape` makes it."""
    pieces, inside, escaped = [], False, False
    for letter in pattern:
        if escaped:
            pieces.append("\\" + letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif inside or letter not in "%_.^$":
            inside = letter == "[" or (inside and letter != "]")
            pieces.append(letter)
        else:
            pieces.append({"%": ".*", "_": "."}.get(letter, "\\" + letter))
    return f"^(?:{''.join(pieces)})$"


def _from_posix(pattern: str) -> str:
    """A Postgres regular expression in Python's spelling; `***=` says that literal text follows."""
    if pattern.startswith("***="):
        return re.escape(pattern[4:])
    pieces, at = [], 0
    pattern = pattern.removeprefix("***:")
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\" and at + 1 < len(pattern):
            pieces.append(_ESCAPES.get(pattern[at + 1], pattern[at : at + 2]))
            at += 2
        elif letter == "[":
            piece, at = _bracket(pattern, at + 1)
            pieces.append(piece)
        else:
            pieces.append(r"\Z" if letter == "$" else letter)
            at += 1
    return "".join(pieces)


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """A bracket expression from behind its `[`: its Python form and where it ends."""
    pieces = ["["]
    if pattern.startswith("^", at):
        pieces.append("^")
        at += 1
    first = True
    while at < len(pattern) and (first or pattern[at] != "]"):
        first = False
        named = re.match(r"\[[:](\w+)[:]\]", pattern[at:])
        if named:
            pieces.append(_CLASSES[named[1]] if named[1] in _CLASSES else _no_class(named[1]))
            at += named.end()
        elif pattern[at] == "\\":
            pieces.append(pattern[at : at + 2])
            at += 2
        else:
            pieces.append("\\" + pattern[at] if pattern[at] in "[]&~|" else pattern[at])
            at += 1
    return "".join(pieces) + "]", at + 1


def _no_class(name: str) -> str:
    raise re.error(f"no class {name}")


def matching_text(pattern: re.Pattern[str], choose: Chooser, *, longest: int | None = None) -> str:
    """Text that matches a pattern, as far as it has no look-around, drawn by `choose`.

    Args:
        pattern: from `python_pattern`.
        choose: what decides at each choice.
        longest: characters that open repetitions should not exceed.
    """
    writer = _Writer(choose, USUAL_REPEATS if longest is None else longest)
    return writer.sequence(_parsed(pattern.pattern, pattern.flags))


@lru_cache(maxsize=1024)
def _parsed(pattern: str, flags: int) -> Any:
    """A pattern's parts, as Python's own parser tells them."""
    parser: Any = importlib.import_module("re._parser")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as when it was compiled
        return parser.parse(pattern, flags)


class _Writer:
    """Writes text along a parsed pattern."""

    def __init__(self, choose: Chooser, longest: int) -> None:
        self.choose = choose
        self.longest = longest
        self.groups: dict[int, str] = {}

    def sequence(self, items: Any) -> str:
        return "".join(self.item(str(kind), value) for kind, value in items)

    def item(self, kind: str, value: Any) -> str:  # noqa: PLR0911  # one for each kind of part
        if kind == "LITERAL":
            return chr(value)
        if kind == "BRANCH":
            return self.sequence(value[1][self.choose.below(len(value[1]))])
        if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return self.repeat(*value)
        if kind == "SUBPATTERN":
            text = self.sequence(value[-1])
            self.groups[value[0] or 0] = text
            return text
        if kind == "ATOMIC_GROUP":
            return self.sequence(value)
        if kind == "GROUPREF":
            return self.groups.get(value, "")
        return self.character(kind, value)

    def character(self, kind: str, value: Any) -> str:
        """One character of a set; nothing for an anchor or a look-around, which have no width."""
        if kind == "ANY":
            letters = list(_ORDINARY)
        elif kind == "NOT_LITERAL":
            letters = [letter for letter in _ORDINARY if letter != chr(value)]
        elif kind == "IN":
            letters = _letters(value)
        else:
            return ""
        return letters[self.choose.below(len(letters))] if letters else ""

    def repeat(self, least: int, most: Any, items: Any) -> str:
        """Between `least` and `most` times; an open or wide one about a word's length."""
        top = min(int(most), max(least, min(least + USUAL_REPEATS, self.longest)))
        if isinstance(self.choose, Digits):
            count = min(top, max(least, USUAL_REPEATS))
        else:
            count = least + self.choose.below(top - least + 1)
        return "".join(self.sequence(items) for _ in range(count))


def _letters(items: Any) -> list[str]:
    """The characters of a set: the printable ones, letters and digits alone where it excludes a few."""
    negated, letters = False, []
    for kind, value in items:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            letters.append(chr(value))
        elif name == "RANGE":
            letters += [chr(code) for code in range(value[0], min(value[1], value[0] + 256) + 1)]
        elif name == "CATEGORY":
            letters += _CATEGORIES.get(str(value), "")
    if not negated:
        return letters
    without = [letter for letter in _ORDINARY if letter not in letters]
    return without or [letter for letter in _PRINTABLE if letter not in letters]
