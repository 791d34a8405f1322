"""Addresses, bits, bytes and identifiers; addresses are those that RFC 5737, 3849 and 1918 reserve."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_EXAMPLE_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_IPV6_SHARE = 0.15
_DIGEST = re.compile(r"(?:^|_)(?:hash|digest|checksum|sha\d*|key|secret|signature|token)(?:_|$)")
_DIGEST_BYTES, _LONGEST_BYTES = 32, 24
_LONGEST_BITS = 16


def address(draws: Draws) -> str:
    """A host's address, of version 6 now and then."""
    if draws.random() < _IPV6_SHARE:
        return f"2001:db8::{draws.between(1, 0xFFFF):x}:{draws.between(1, 0xFFFF):x}"
    return f"{draws.pick(_EXAMPLE_NETWORKS)}.{draws.between(1, 254)}"


def network(draws: Draws) -> str:
    """A private network."""
    return f"10.{draws.below(256)}.{draws.below(256)}.0/24"


def hardware_address(size: int) -> Drawer:
    """A locally administered hardware address of `size` bytes."""
    return lambda draws: ":".join(["02", *(f"{draws.below(256):02x}" for _ in range(size - 1))])


def octets(draws: Draws, size: int) -> bytes:
    """Bytes."""
    return bytes(draws.below(256) for _ in range(size))


def _bytes_drawer(slot: Slot) -> Drawer:
    if _DIGEST.search(slot.name):
        return lambda draws: octets(draws, _DIGEST_BYTES)
    return lambda draws: octets(draws, draws.between(8, _LONGEST_BYTES))


def bits(draws: Draws, size: int) -> str:
    """Binary digits."""
    return "".join(draws.pick("01") for _ in range(size))


def _bit_drawer(slot: Slot) -> Drawer:
    size = max(slot.modifier, 1)
    return lambda draws: bits(draws, size)


def _varbit_drawer(slot: Slot) -> Drawer:
    most = slot.modifier if slot.modifier > 0 else _LONGEST_BITS
    return lambda draws: bits(draws, draws.between(1, most))


NETWORK: Mapping[str, Callable[[Slot], Drawer]] = {
    "uuid": lambda _slot: lambda draws: UUID(bytes=octets(draws, 16), version=4),
    "inet": lambda _slot: address,
    "cidr": lambda _slot: network,
    "macaddr": lambda _slot: hardware_address(6),
    "macaddr8": lambda _slot: hardware_address(8),
    "bytea": _bytes_drawer,
    "bit": _bit_drawer,
    "varbit": _varbit_drawer,
}
"""Drawers of network, bit and byte types, by the type's name."""
