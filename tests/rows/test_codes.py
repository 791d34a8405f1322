"""Tests of rows.codes: codes and numbers that look real and are outside what is issued."""

from __future__ import annotations

import ipaddress
import re
from uuid import UUID

import pytest
from text_rows import text_rows, texts

DOCUMENTATION = [ipaddress.ip_network(f"{net}.0/24") for net in ("192.0.2", "198.51.100", "203.0.113")]


def test_addresses_of_the_network_are_for_documentation() -> None:
    """Every IP address lies in a range that RFC 5737 or RFC 3849 keeps for documentation."""
    for row in text_rows("logs", "ip_address client_ip ipv6 mac"):
        assert any(ipaddress.ip_address(row.ip_address) in network for network in DOCUMENTATION)
        assert any(ipaddress.ip_address(row.client_ip) in network for network in DOCUMENTATION)
        assert ipaddress.ip_address(row.ipv6) in ipaddress.ip_network("2001:db8::/32")
        assert re.fullmatch(r"00:00:5e:00:53:[0-9a-f]{2}", row.mac)


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        ("sha256", r"[0-9a-f]{64}"),
        ("md5", r"[0-9a-f]{32}"),
        ("api_token", r"[0-9a-f]{32}"),
        ("card_number", "4242424242424242"),
        ("card_last4", r"\d{4}"),
        ("ssn", r"000-\d\d-\d{4}"),
        ("iban", r"ZZ00TEST\d{12}"),
        ("vat_number", r"ZZ999\d{7}"),
        ("app_version", r"\d+\.\d+\.\d+"),
        ("birth_date", r"(19|20)\d\d-\d\d-\d\d"),
        ("starts_at", r"2025-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("order_number", r"2025-\d{5}"),
        ("amount", r"\d+\.\d\d"),
        ("stripe_customer_id", r"customer_[0-9a-f]{16}"),
    ],
)
def test_codes_have_their_form(column: str, pattern: str) -> None:
    """A code as text has the form that readers of its column expect, and differs from row to row."""
    made = texts("things", column)

    assert all(re.fullmatch(pattern, text) for text in made), made[0]
    assert len(set(made)) > 10 or column == "card_number"


def test_uuids_as_text_are_uuids() -> None:
    """A text column called uuid holds version 4 UUIDs."""
    assert {UUID(text).version for text in texts("things", "uuid")} == {4}


def test_a_short_hash_is_hexadecimal_too() -> None:
    """Where a hash does not fit, a shorter one stands, not half of it."""
    assert all(re.fullmatch(r"[0-9a-f]{16}", text) for text in texts("things", "hash", length=20))
