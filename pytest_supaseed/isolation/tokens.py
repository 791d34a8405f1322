"""Access tokens: a user's claims, signed with the project's secret as GoTrue signs them (HS256)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def signed_token(claims: Mapping[str, Any], secret: str, *, expires_in: int) -> str:
    """Return a JSON Web Token (RFC 7519) with these claims.

    Args:
        claims: the claims; `iat` and `exp` are added.
        secret: the key, a text.
        expires_in: seconds from now.
    """
    import jwt

    now = int(time.time())
    return jwt.encode({**claims, "iat": now, "exp": now + expires_in}, secret, algorithm="HS256")
