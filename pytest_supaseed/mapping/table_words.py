"""Names of tables as words: singular, in lower case, so that `app_SetupTypes` can be compared."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = tuple[str, ...]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_MANY = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
"""Endings of plurals and what they are in the singular; any other final s is dropped, but for -ss and -us."""

COMMON_PREFIXES = frozenset({"app", "tbl", "tb", "t"})
"""First words that say nothing, whatever the other tables are called."""

PREFIX_SHARE = 0.5
"""The share of a schema's tables that begin with a word which then says nothing of each of them."""

PREFIX_TABLES = 3
"""Fewer tables than these share a first word because of what they are (`user_roles`, `user_settings`)."""


def words_of(name: str) -> Words:
    """Return the words of a name: `accounts_memberships` is `account`, `membership`."""
    return tuple(_singular(word.lower()) for word in _WORD.findall(name))


def _singular(word: str) -> str:
    for ending, single in _MANY:
        if word.endswith(ending):
            return word.removesuffix(ending) + single
    is_plural = word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3  # noqa: PLR2004  # `gas`
    return word[:-1] if is_plural else word


def prefixes_of(names: Iterable[str]) -> tuple[Words, ...]:
    """Return what the names of one schema's tables begin with and what says nothing, the longest first."""
    listed = [words_of(name) for name in names]
    shared = [
        first
        for length in (2, 1)
        for first, count in Counter(words[:length] for words in listed if len(words) > length).items()
        if count >= PREFIX_TABLES and count >= PREFIX_SHARE * len(listed)
    ]
    return (*shared, *((prefix,) for prefix in sorted(COMMON_PREFIXES)))


def without_prefix(words: Words, prefixes: Iterable[Words]) -> Words | None:
    """Return the words after the first prefix that they begin with; None where there is none."""
    for prefix in prefixes:
        if words[: len(prefix)] == prefix and len(words) > len(prefix):
            return words[len(prefix) :]
    return None
