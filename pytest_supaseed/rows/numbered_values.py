"""Values that hold the row's number where it reads as part of them: in a host's name, before an extension."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_supaseed.rows.chunk import REFERENCE_INSTANT
from pytest_supaseed.rows.codes import DOCUMENTATION_NETWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HOST = re.compile(
    r"(?P<before>[^@\s]*[^@\s/.])(?P<after>\.(?:example(?:\.(?:com|org|net))?|test|invalid)(?:[/:?#]\S*)?)"
)
"""A host under one of the reserved domains (RFC 2606), or an address on it."""
_FILE = re.compile(r"(?P<before>\S*[^\s/.])(?P<after>\.[a-z][a-z0-9]{1,3})")
_HOSTS = 254
_SPREAD = 379
"""A prime: neighbouring rows get telephone numbers that look unlike."""
AREA_CODES = tuple(
    f"{first}{second}{third}"
    for first in range(2, 10)
    for second in range(9)
    for third in range(10)
    if (second, third) != (1, 1)
)
"""Those of the North American plan, whose 555-0100 to 555-0199 are kept for fiction in each."""
FICTIONAL_LINES = 100


def with_number(text: str, number: int, length: int | None = None) -> str:
    """A text with a number in it, so that no two rows share one whatever the text; cut to fit a length.

    Args:
        text: the text.
        number: the row's, counted from 1.
        length: the characters that there is room for; None for any number.
    """
    before, after = _parted(text)
    suffix = f"{' ' if ' ' in before else '-'}{number}"
    if before.endswith(f"-{number}"):
        suffix, before = f"-{number}", before.removesuffix(f"-{number}")
    room = None if length is None else max(length - len(suffix) - len(after), 0)
    return f"{before.rstrip('.')[:room]}{suffix}{after}"


def _parted(text: str) -> tuple[str, str]:
    """What stands before the place of a number, and what after it."""
    before, at, domain = text.partition("@")
    if at:
        return before, at + domain
    found = _HOST.fullmatch(text) or _FILE.fullmatch(text)
    return (found["before"], found["after"]) if found else (text, "")


def documentation_address(index: int) -> str:
    """An address of the ranges for documentation: of version 4 as long as there are any (RFC 5737, 3849)."""
    if index < len(DOCUMENTATION_NETWORKS) * _HOSTS:
        host, network = divmod(index, len(DOCUMENTATION_NETWORKS))
        return f"{DOCUMENTATION_NETWORKS[network]}.{host + 1}"
    return documentation_address6(index)


def documentation_address6(index: int) -> str:
    """An address of version 6 for documentation."""
    return f"2001:db8::{index + 1 >> 16:x}:{index + 1 & 0xFFFF:x}"


def documentation_address4(index: int) -> str:
    """An address of version 4: one for documentation, then a private one (RFC 1918)."""
    if index < len(DOCUMENTATION_NETWORKS) * _HOSTS:
        return documentation_address(index)
    return f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}"


def private_network(index: int) -> str:
    """A network: a private one, then one of version 6 for documentation."""
    if index < 1 << 16:
        return f"10.{index >> 8}.{index & 255}.0/24"
    return f"2001:db8:{index >> 16:x}:{index & 0xFFFF:x}::/64"


def hardware_address(index: int) -> str:
    """A locally administered hardware address."""
    return "02:00:" + ":".join(f"{index >> shift & 255:02x}" for shift in (24, 16, 8, 0))


def fictional_number(index: int) -> str:
    """A telephone number that is kept for fiction; with an extension when all were given (RFC 3966)."""
    around, place = divmod(index, len(AREA_CODES) * FICTIONAL_LINES)
    line, area = divmod(place, len(AREA_CODES))
    extension = f";ext={around}" if around else ""
    return f"+1{AREA_CODES[area * _SPREAD % len(AREA_CODES)]}55501{line:02d}{extension}"


def month_before(index: int) -> str:
    """A month, the last one before the reference instant first."""
    months = REFERENCE_INSTANT.year * 12 + REFERENCE_INSTANT.month - 2 - index
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def day_before(index: int) -> str:
    """A day, the last one before the reference instant first."""
    return (REFERENCE_INSTANT - timedelta(days=index + 1)).strftime("%Y-%m-%d")


def moment_before(index: int) -> str:
    """A moment, the last one before the reference instant first."""
    return (REFERENCE_INSTANT - timedelta(minutes=index + 1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def version_after(index: int) -> str:
    """A version, in ascending order."""
    return f"{index // 200 + 1}.{index // 10 % 20}.{index % 10}"


BY_INDEX: Mapping[str, tuple[int, Callable[[int], str]]] = {
    "ip": (39, documentation_address),
    "ip6": (39, documentation_address6),
    "mac": (17, hardware_address),
    "phone": (20, fictional_number),
    "month": (7, month_before),
    "date": (10, day_before),
    "time_stamp": (20, moment_before),
    "version": (12, version_after),
}
"""Meanings whose values are told apart without a number at their end: the room they need, and the value."""
