"""Tests of memory_size: sizes as people write them, and what is none."""

from __future__ import annotations

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.memory_size import batch_size, cache_size, memory_size
from pytest_supaseed.options import resolve_options


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512MB", 512_000_000),
        ("512m", 512_000_000),
        ("1GiB", 1 << 30),
        ("1.5 GB", 1_500_000_000),
        ("16384kib", 1 << 24),
        ("16000000B", 16_000_000),
        ("none", None),
        ("None", None),
    ],
)
def test_a_size_has_a_unit(text: str, size: int | None) -> None:
    """Of a thousand or of 1,024; none is no limit."""
    assert memory_size(text) == size


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("0", "say none for no limit"),
        ("0MB", "say none for no limit"),
        ("512", "say a unit, as in 512MB"),
        ("1MB", "the smallest is 16MB"),
        ("abc", "allowed is 16MB or more"),
        ("-5MB", "allowed is 16MB or more"),
        ("1e3MB", "allowed is 16MB or more"),
        ("\u0665MB", "allowed is 16MB or more"),
    ],
)
def test_what_is_no_limit_is_said(given: str, why: str) -> None:
    """Who said it, what is allowed, and where it is known, what was meant."""
    with pytest.raises(UsageError) as caught:
        resolve_options({"memory_limit": given}, {})
    assert str(caught.value).startswith(f"--supaseed-memory-limit is {given!r}; allowed is 16MB or more")
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "size"), [("1B", 1), ("2GB", 2 * 10**9), ("500MiB", 500 << 20), ("none", None)]
)
def test_a_cache_may_be_as_small_as_somebody_likes(text: str, size: int | None) -> None:
    """What is in use stays in any case."""
    assert cache_size(text) == size


@pytest.mark.parametrize(("given", "why"), [("0", "say none"), ("4", "say a unit, as in 4MB"), ("lots", "")])
def test_what_is_no_size_of_a_cache(given: str, why: str) -> None:
    """Nought is none in some tools and nothing in others, so it has to be said."""
    with pytest.raises(UsageError, match="allowed is a size such as `2GB` or `500MiB`; or none") as caught:
        resolve_options({"cache_limit": given}, {})
    assert why in str(caught.value)


@pytest.mark.parametrize(("given", "rows"), [("auto", None), ("1", 1), ("5", 5), ("50", 50), (2000, 2000)])
def test_a_batch_is_a_number_of_rows(given: object, rows: int | None) -> None:
    """From one on; the original's 5 to 50 included."""
    assert batch_size(given) == rows


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "many", "", True, 2.0, "\u0665"])
def test_what_is_no_number_of_rows(given: object) -> None:
    """Neither none, nor a part of one."""
    with pytest.raises(ValueError, match=r"^$"):
        batch_size(given)


def test_the_error_for_a_batch_size_says_what_is_allowed() -> None:
    """And who gave it."""
    with pytest.raises(UsageError, match="SUPASEED_BATCH_SIZE is '0'; allowed is auto, or a whole number"):
        resolve_options({}, {"SUPASEED_BATCH_SIZE": "0"})
