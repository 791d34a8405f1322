"""What a statement about vectors must leave out where the extension `vector` is only stood in for.

Its index methods take storage parameters that no SQL can declare, so `with (lists = 100)` would be refused.
What they tune is a search, which is exact here.
"""

from __future__ import annotations

import re

_CREATE_INDEX = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/)\s*)*create\s+index\b.*?\busing\s+\"?(?:hnsw|ivfflat)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARAMETERS = re.compile(
    r"\bwith\s*\(\s*(?:(?:lists|m|ef_construction)\s*=\s*'?\d+'?\s*,?\s*)+\)", re.IGNORECASE
)


def without_search_parameters(statement: str) -> str:
    """Take the parameters of a `create index ... using hnsw` or `ivfflat` out of it; others stay as they are.

    The statement keeps its length, so that positions in Postgres's messages still point into the source.
    """
    begun = _CREATE_INDEX.match(statement)
    found = begun and _PARAMETERS.search(statement, begun.end())
    if not found:
        return statement
    blank = re.sub(r"[^\n]", " ", found.group())
    return statement[: found.start()] + blank + statement[found.end() :]
