"""Password hashes that log in: bcrypt of the one password that every seeded user has."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk

BCRYPT_COST = 5
"""The least that GoTrue writes; each step up doubles the time (2 ms at 5, 60 ms at 10)."""
SALTS = 8
"""Different hashes of the one password, shared by the users: a hash for each would cost 2 ms a user."""
PASSWORD_HASH_LENGTH = 60
_BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class PasswordHash(ColumnDeclaration):
    """A bcrypt hash of the password, salted from the seed."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws, scope = chunk.draws(name), chunk.scope
        word = scope.logins.password
        return [password_hash(scope.seed, draws.below(SALTS), word) for _ in range(chunk.count)]


@cache
def password_hash(seed: str, number: int, password: str = DEFAULT_PASSWORD) -> str:
    """Return a bcrypt hash under a salt that belongs to (seed, number).

    The last of the 22 salt characters carries two bits only, hence one of `.`, `O`, `e`, `u`.
    """
    import bcrypt

    digest = blake2b(f"{seed}\x1f{number}".encode(), digest_size=22).digest()
    salt = "".join(_BCRYPT_ALPHABET[byte % 64] for byte in digest[:21]) + ".Oeu"[digest[21] % 4]
    hashed = bcrypt.hashpw(password.encode(), f"$2a${BCRYPT_COST:02d}${salt}".encode())
    return hashed.decode()
