"""Codes of an authenticator app (RFC 6238), for the second factor of seeded users."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

TOTP_SECRET = "ONUWY5TFOIQGGYLNOAQHIZLOOQQHGZLU"  # noqa: S105  # every seeded factor's, documented
"""The secret of every seeded factor, in base32: 160 bits, as RFC 4226 recommends."""
STEP = 30
DIGITS = 6


def totp_code(secret: str = TOTP_SECRET, at: datetime | float | None = None) -> str:
    """Return the code that an authenticator app shows: what `supabase.auth.mfa.verify` takes.

    Args:
        secret: in base32, as in `auth.mfa_factors.secret`; that of every seeded factor when not given.
        at: the moment, or its seconds since 1970; now when not given.

    Raises:
        UsageError: the secret is no base32.
    """
    moment = time.time() if at is None else at if isinstance(at, int | float) else at.timestamp()
    counter = int(moment // STEP).to_bytes(8, "big")
    digest = hmac.new(_key(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _key(secret: str) -> bytes:
    bare = secret.replace(" ", "").rstrip("=").upper()
    try:
        return base64.b32decode(bare + "=" * (-len(bare) % 8))
    except binascii.Error as error:
        raise UsageError(
            f"A secret of an authenticator app is base32, and this one is not: {error}.",
            remedies=["take the one of the seeded factors: totp_code()"],
        ) from None
