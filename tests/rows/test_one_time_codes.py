"""Tests of rows.one_time_codes: the codes of RFC 6238, cut to the six digits that apps show."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from pytest_supaseed import TOTP_SECRET, totp_code
from pytest_supaseed.errors import UsageError

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    """The test vectors of RFC 6238, appendix B, for SHA-1."""
    assert totp_code(RFC_SECRET, at) == code
    assert totp_code(RFC_SECRET, datetime.fromtimestamp(at, UTC)) == code


def test_a_code_holds_for_its_half_minute() -> None:
    """The same for thirty seconds, and then another one."""
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    codes = [totp_code(at=begun + timedelta(seconds=second)) for second in (0, 29, 30)]

    assert codes[0] == codes[1] != codes[2]


def test_secrets_are_read_as_apps_show_them() -> None:
    """In groups, in small letters, without padding."""
    shown = " ".join(TOTP_SECRET[start : start + 4].lower() for start in range(0, len(TOTP_SECRET), 4))

    assert totp_code(shown, 59) == totp_code(TOTP_SECRET, 59)
    assert len(base64.b32decode(TOTP_SECRET)) == 20


def test_what_is_no_secret_is_refused() -> None:
    """A code in the place of a secret is an error that says so."""
    with pytest.raises(UsageError, match="is base32"):
        totp_code("123456 not a secret!")
