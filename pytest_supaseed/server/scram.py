"""SCRAM-SHA-256 verifiers, as Postgres keeps them (RFC 5802, RFC 7677).

One is compared before a role's password is set, so that a warm cluster's catalog is not written to on every
run. One is made where a password is set: no server logs it then, and none keeps it as MD5.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

ITERATIONS = 4096
"""What Postgres itself takes."""
FOR_RANDOM_PASSWORDS = 1
"""To hash often protects passwords that can be guessed, at half of a connection's time. Ours are random.

For logins that libpq alone uses: pg8000 and Java's driver refuse fewer than 4,096 rounds.
"""


def make_verifier(password: str, *, iterations: int = ITERATIONS) -> str:
    """Make what `alter role ... password` takes in place of the password; another each time.

    Args:
        password: ASCII, so that SASLprep leaves it as it is; the passwords that we make are.
        iterations: how often it is hashed, by whoever logs in too.
    """
    salt = secrets.token_bytes(16)
    salted = _salted(password, salt, iterations)
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    keys = f"{_base64(_stored_key(salted))}:{_base64(server_key)}"
    return f"SCRAM-SHA-256${iterations}:{_base64(salt)}${keys}"


def verifier_matches(verifier: str | None, password: str) -> bool:
    """Compare a `pg_authid.rolpassword` with a password.

    Args:
        verifier: `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`; anything else never matches.
        password: ASCII, as above.
    """
    match (verifier or "").split("$"):
        case ["SCRAM-SHA-256", effort, keys]:
            iterations, salt = effort.split(":")
            stored_key = base64.b64decode(keys.split(":", 1)[0])
        case _:
            return False
    salted = _salted(password, base64.b64decode(salt), int(iterations))
    return hmac.compare_digest(_stored_key(salted), stored_key)


@dataclass(frozen=True)
class LoginKeys:
    """What a client would derive from a password for each connection anew, in base64.

    Args:
        client: libpq's `scram_client_key`.
        server: libpq's `scram_server_key`.
    """

    client: str = field(repr=False)
    server: str = field(repr=False)


def derive_keys(verifier: str | None, password: str) -> LoginKeys | None:
    """Derive the keys of a password; None where it is not the verifier's, see `verifier_matches`."""
    if not verifier_matches(verifier, password):
        return None
    iterations, salt = str(verifier).split("$")[1].split(":")
    salted = _salted(password, base64.b64decode(salt), int(iterations))
    client, server = (hmac.digest(salted, name, "sha256") for name in (b"Client Key", b"Server Key"))
    return LoginKeys(_base64(client), _base64(server))


def _salted(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)


def _stored_key(salted: bytes) -> bytes:
    return hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
