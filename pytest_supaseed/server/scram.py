"""Does a stored SCRAM-SHA-256 verifier belong to a password (RFC 5802, RFC 7677)?

Asked before a role's password is set, so that a warm cluster's catalog is not written to on every run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


def verifier_matches(verifier: str | None, password: str) -> bool:
    """Compare a `pg_authid.rolpassword` with a password.

    Args:
        verifier: `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`; anything else never matches.
        password: ASCII, so that SASLprep leaves it as it is; the passwords that we make are.
    """
    match (verifier or "").split("$"):
        case ["SCRAM-SHA-256", effort, keys]:
            iterations, salt = effort.split(":")
            stored_key = base64.b64decode(keys.split(":")[0])
        case _:
            return False
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(hashlib.sha256(client_key).digest(), stored_key)
