"""Codes, identifiers and numbers written as text. None is real: they stand outside what is issued.

Card numbers are a test number's, tax and bank numbers stand under ZZ (no country), ISBNs and barcodes in
ranges for use within a shop, addresses of the network in the ranges for documentation (RFC 5737, 3849, 7042).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from pytest_supaseed.rows.chunk import REFERENCE_INSTANT
from pytest_supaseed.rows.entities import code
from pytest_supaseed.rows.places import filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part

IDENTIFIER_DIGITS = 16
"""Hexadecimal digits of an identifier: of a million of them, no two are alike."""
DOCUMENTATION_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
USER_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) ExampleBrowser/120.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) ExampleBrowser/121.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) ExampleBrowser/119.0",
    "Mozilla/5.0 (Linux; Android 14) ExampleBrowser/121.0 Mobile",
)


def hexadecimal(draws: Draws, size: int) -> str:
    """`size` hexadecimal digits, at most 128."""
    number = 0
    for _ in range((size + 11) // 12):
        number = number * 16**12 + int(draws.random() * 16**12)
    return f"{number:0128x}"[-size:] if size else ""


def _hex(*sizes: int) -> tuple[Part, ...]:
    return tuple(_hex_of(size) for size in sizes)


def _hex_of(size: int) -> Part:
    return lambda _row, draws: hexadecimal(draws, size)


def _pattern(*patterns: str) -> tuple[Part, ...]:
    return tuple(_pattern_of(pattern) for pattern in patterns)


def _pattern_of(pattern: str) -> Part:
    return lambda _row, draws: filled(pattern, draws)


def _numbers(low: int, high: int) -> tuple[Part, ...]:
    return (lambda _row, draws: str(draws.between(low, high)), lambda _row, draws: str(draws.between(1, 9)))


def _uuid(_row: object, draws: Draws) -> str:
    return str(UUID(int=int(hexadecimal(draws, 32), 16), version=4))


def identifier(prefix: str) -> tuple[Part, ...]:
    """Identifiers of another system, such as `customer_5f3a09...`, shorter ones where there is less room."""
    return (
        lambda _row, draws: f"{prefix}_{hexadecimal(draws, IDENTIFIER_DIGITS)}",
        lambda _row, draws: f"{prefix[:3]}_{hexadecimal(draws, 8)}",
        *_hex(8, 4),
    )


def _reference(_row: int, draws: Draws) -> str:
    return f"{code(draws, 2)}-{draws.between(10_000, 99_999)}"


def _numbered(_row: int, _draws: Draws) -> str:
    return f"{REFERENCE_INSTANT.year - 1}-{_row + 1:05d}"


def _ip(_row: object, draws: Draws) -> str:
    return f"{draws.pick(DOCUMENTATION_NETWORKS)}.{draws.between(1, 254)}"


def _instant(form: str) -> Part:
    return lambda _row, draws: (REFERENCE_INSTANT - timedelta(minutes=draws.between(1, 525_000))).strftime(
        form
    )


def _birthday(_row: object, draws: Draws) -> str:
    return (REFERENCE_INSTANT - timedelta(days=draws.between(19 * 365, 79 * 365))).strftime("%Y-%m-%d")


def _version(_row: object, draws: Draws) -> str:
    return f"{draws.between(0, 5)}.{draws.below(20)}.{draws.below(10)}"


def _user_agent(_row: object, draws: Draws) -> str:
    return draws.pick(USER_AGENTS)


def _decimal(_row: object, draws: Draws) -> str:
    return f"{draws.between(1, 499)}.{draws.pick(('00', '50', '90', '99'))}"


def _code(size: int) -> Part:
    return lambda _row, draws: code(draws, size)


PARTS: Mapping[str, tuple[Part, ...]] = {
    "token": _hex(32, 16, 8, 4),
    "hash": _hex(64, 40, 32, 16, 8, 4),
    "digest_md5": _hex(32, 16, 8),
    "commit": _hex(40, 12, 7),
    "uuid": (_uuid, *_hex(32, 16, 8)),
    "reference": (_reference, _code(6), _code(4)),
    "number": (_numbered, lambda row, _draws: str(row + 1)),
    "code": (_code(8), _code(6), _code(4)),
    "discount_code": (
        lambda _row, draws: f"SAVE{draws.between(1, 9) * 5}-{code(draws, 4)}",
        _code(6),
        _code(4),
    ),
    "sku": (lambda _row, draws: f"{code(draws, 3)}-{draws.between(1000, 9999)}", _code(6), _code(4)),
    "barcode": _pattern("20###########", "20######"),
    "isbn": _pattern("9780000######", "########"),
    "pin": _pattern("######", "####"),
    "serial": (lambda _row, draws: f"SN{code(draws, 3)}{filled('######', draws)}", _code(6)),
    "plate": (lambda _row, draws: f"{code(draws, 2)} {filled('####', draws)}", _code(4)),
    "card_number": (lambda _row, _draws: "4242424242424242", lambda _row, draws: filled("####", draws)),
    "last_digits": _pattern("####"),
    "bank_account": _pattern("ZZ00TEST############", "00######"),
    "bank_code": (lambda _row, _draws: "TESTZZ22", lambda _row, draws: filled("00####", draws)),
    "social_number": _pattern("000-##-####", "000#####"),
    "passport": _pattern("X0#######", "X0####"),
    "ip": (_ip,),
    "ip6": (lambda _row, draws: f"2001:db8::{draws.between(1, 65_535):x}",),
    "mac": (lambda _row, draws: f"00:00:5e:00:53:{draws.below(256):02x}",),
    "port": _numbers(1024, 9999),
    "user_agent": (_user_agent, lambda _row, _draws: "ExampleBrowser/120.0", lambda _row, _draws: "Example"),
    "version": (_version, lambda _row, draws: f"{draws.between(1, 9)}.{draws.below(10)}"),
    "time_stamp": (_instant("%Y-%m-%dT%H:%M:%SZ"), _instant("%Y-%m-%d")),
    "date": (_instant("%Y-%m-%d"), _instant("%Y%m%d"), _instant("%Y")),
    "clock": (_instant("%H:%M"),),
    "month": (_instant("%Y-%m"), _instant("%m")),
    "year": (_instant("%Y"),),
    "birthday": (_birthday,),
    "amount": (_decimal, lambda _row, draws: str(draws.between(1, 9))),
    "quantity": _numbers(1, 99),
    "percentage": _numbers(1, 100),
    "latitude": (lambda _row, draws: f"{draws.between(-600_000, 600_000) / 10_000:.4f}",),
    "longitude": (lambda _row, draws: f"{draws.between(-1_700_000, 1_700_000) / 10_000:.4f}",),
    "flag": (lambda _row, draws: draws.pick(("yes", "no")),),
    "json": (lambda _row, _draws: "{}",),
}
"""Variants by the part's name; the entity is the row's index."""
