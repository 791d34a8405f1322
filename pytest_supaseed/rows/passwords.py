"""Password hashes that log in: of the one password that every seeded user has."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import blake2b, pbkdf2_hmac
from typing import TYPE_CHECKING

from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pytest_supaseed.rows.chunk import Chunk

BCRYPT_COST = 5
"""The least that GoTrue writes; each step up doubles the time (2 ms at 5, 60 ms at 10)."""
SALTS = 8
"""Different hashes of the one password, shared by the users: a hash for each would cost 2 ms a user."""
PASSWORD_HASH_LENGTH = 60
DJANGO_LENGTH = 128
DJANGO_ITERATIONS = 1
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class PasswordHash(ColumnDeclaration):
    """A bcrypt hash of the password, salted from the seed."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws, scope = chunk.draws(name), chunk.scope
        word = scope.logins.password
        return [password_hash(scope.seed, draws.below(SALTS), word) for _ in range(chunk.count)]


class DjangoPasswordHash(ColumnDeclaration):
    """What Django's `check_password` takes, by its default settings: `algorithm$iterations$salt$hash`."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws, scope = chunk.draws(name), chunk.scope
        word = scope.logins.password
        return [django_password_hash(scope.seed, draws.below(SALTS), word) for _ in range(chunk.count)]


def is_djangos(column: str, length: int | None, siblings: Collection[str]) -> bool:
    """Whether a column is the password of a user model of Django's.

    `AbstractBaseUser` has these two (https://docs.djangoproject.com/en/5.2/topics/auth/customizing/), and the
    length is Django's own.

    Args:
        column: its name.
        length: the characters that it may hold.
        siblings: the names of the table's columns.
    """
    return column == "password" and length == DJANGO_LENGTH and "last_login" in siblings


@cache
def django_password_hash(seed: str, number: int, password: str = DEFAULT_PASSWORD) -> str:
    """Return a hash of PBKDF2 with SHA-256, the first of Django's `PASSWORD_HASHERS`, in one iteration.

    Django reads the number of iterations from the hash; at the first login it writes one of its own number.
    """
    salt = _salt(seed, number)
    digest = pbkdf2_hmac("sha256", password.encode(), salt.encode(), DJANGO_ITERATIONS)
    return f"pbkdf2_sha256${DJANGO_ITERATIONS}${salt}${b64encode(digest).decode()}"


def _salt(seed: str, number: int) -> str:
    """22 letters and digits: 128 bits, as many as Django asks for."""
    digest = blake2b(f"{seed}\x1f{number}".encode(), digest_size=22).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)


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
