"""Tests of rows.numbered_values: numbers in texts, where they read as part of them."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.rows.numbered_values import (
    BY_INDEX,
    documentation_address,
    documentation_address4,
    fictional_number,
    hardware_address,
    private_network,
    with_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTATION = [
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oak", "oak-7"),
        ("Quiet oak", "Quiet oak 7"),
        ("quiet-oak-7", "quiet-oak-7"),
        ("quiet-oak-17", "quiet-oak-17-7"),
        ("info@acme.example", "info-7@acme.example"),
        ("acme.example", "acme-7.example"),
        ("https://www.acme.example/a.png", "https://www.acme-7.example/a.png"),
        ("mail.example.com", "mail-7.example.com"),
        ("https://example.com/a", "https://example.com/a-7"),
        ("reports/may.pdf", "reports/may-7.pdf"),
        ("1.2.3", "1.2.3-7"),
        ("", "-7"),
    ],
)
def test_a_number_stands_where_it_reads_as_part_of_the_text(text: str, expected: str) -> None:
    """A host stays a host, a file keeps its extension, and what has its number keeps it."""
    assert with_number(text, 7) == expected


@pytest.mark.parametrize("text", ["oak tree", "oak-tree", "info@acme.example", "acme.example", "may.pdf"])
@pytest.mark.parametrize("length", [None, 20])
def test_no_two_rows_share_a_text(text: str, length: int | None) -> None:
    """Whatever the text and its numbers, and where it is cut; lower case makes no difference."""
    texts = [text, f"{text}-1", f"{text} 1", text.upper()]
    made = [with_number(texts[number % 4], number, length) for number in range(1, 2000)]

    assert len({value.lower() for value in made}) == len(made)
    assert length is None or max(map(len, made)) <= length


@pytest.mark.parametrize(("room", "function"), BY_INDEX.values(), ids=BY_INDEX)
def test_values_by_number_differ_and_fit(room: int, function: Callable[[int], str]) -> None:
    """Each row has another one, within the room that is asked for."""
    made = [function(index) for index in range(5000)]

    assert len(set(made)) == 5000
    assert max(map(len, made)) <= room


def test_addresses_are_those_of_documentation() -> None:
    """RFC 5737 first, then RFC 3849: no address of somebody's machine."""
    made = [ipaddress.ip_address(documentation_address(index)) for index in range(100_000)]

    assert len(set(made)) == 100_000
    assert all(any(address in network for network in DOCUMENTATION) for address in made)
    assert all(address.version == 4 for address in made[:762])


def test_addresses_of_version_4_go_on_in_private_ranges() -> None:
    """Where a column takes no other version, RFC 1918 has enough."""
    made = [ipaddress.ip_address(documentation_address4(index)) for index in range(2000)]

    assert len(set(made)) == 2000
    assert all(address.is_private for address in made)
    assert {address.version for address in made} == {4}


def test_networks_and_hardware_differ() -> None:
    """Networks are private or for documentation, hardware addresses locally administered."""
    networks = [ipaddress.ip_network(private_network(index)) for index in (0, 1, 65_535, 65_536, 70_000)]

    assert len(set(networks)) == 5
    assert all(network.is_private for network in networks)
    assert len({hardware_address(index) for index in range(70_000)}) == 70_000


def test_telephone_numbers_are_kept_for_fiction() -> None:
    """555-0100 to 555-0199, under every area code; then with an extension."""
    made = [fictional_number(index) for index in range(80_000)]

    assert len(set(made)) == 80_000
    assert all(re.fullmatch(r"\+1[2-9][0-8]\d55501\d\d(;ext=\d)?", number) for number in made)
