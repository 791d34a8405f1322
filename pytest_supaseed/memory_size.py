"""How large things may be, as somebody says it: `512MB` of memory, batches of 50 rows."""

from __future__ import annotations

import re

DEFAULT_MEMORY = 512_000_000
"""As in the original tool: 512 MB."""
SMALLEST_MEMORY = 16_000_000
"""Less cannot be kept to: 1,000 rows at once, those that children look up and word lists take some 10 MB."""
DEFAULT_CACHE = 4_000_000_000
"""4 GB: some hundred datasets of 40 tables, or four of 200 MB for each of five projects."""

_SIZE = r"([0-9]+(?:\.[0-9]+)?)\s*([kmg]i?b?|b)"
_UNITS = {"b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}


def memory_size(value: object) -> int | None:
    """Return bytes of memory; None where somebody says that there is no limit.

    Args:
        value: a number with its unit, `512MB`, `1GiB`, `1.5g`; or `none`.

    Raises:
        ValueError: it is something else, or too small.
    """
    size = cache_size(value)
    if size is not None and size < SMALLEST_MEMORY:
        raise ValueError(f"the smallest is {SMALLEST_MEMORY // 10**6}MB, which 1,000 rows at once may need")
    return size


def cache_size(value: object) -> int | None:
    """Return bytes; None where somebody says that there is no limit.

    Args:
        value: a number with its unit, `500MB`, `2GiB`, `1.5g`; or `none`.

    Raises:
        ValueError: it is something else.
    """
    text = str(value).strip()
    if text.lower() == "none":
        return None
    if text.isascii() and text.replace(".", "", 1).isdigit():
        raise ValueError("say none for no limit" if float(text) == 0 else f"say a unit, as in {text}MB")
    found = re.fullmatch(_SIZE, text, re.IGNORECASE)
    if found is None:
        raise ValueError
    unit = found[2].lower()
    size = int(float(found[1]) * _UNITS[unit if unit == "b" else unit.removesuffix("b")])
    if size == 0:
        raise ValueError("say none for no limit")
    return size


def batch_size(value: object) -> int | None:
    """Return rows; None where they are to adapt.

    Raises:
        ValueError: it is neither `auto` nor a whole number from 1 on.
    """
    text = str(value).strip()
    if text == "auto":
        return None
    if isinstance(value, bool | float) or not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ValueError
    return int(text)
