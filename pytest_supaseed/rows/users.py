"""Users who can log in: rows of `auth.users` and `auth.identities` as GoTrue writes them.

GoTrue reads several token columns into Go strings that cannot be NULL; a NULL there answers every login with
"Database error querying schema". So they are empty strings here. Columns that a project's `auth.users` lacks
are left out when the factory meets the table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import UUID

import factory

from pytest_supaseed.rows.declarations import (
    ColumnDeclaration,
    Constant,
    FromRow,
    Instant,
    PartOf,
    RandomUuid,
)
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.foreign_keys import Reference, one_to_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk

PASSWORD = "password123"  # noqa: S105  # every seeded user's, documented: the original tool's default
BCRYPT_COST = 5
"""The least that GoTrue writes; each step up doubles the time (2 ms at 5, 60 ms at 10)."""
SALTS = 8
"""Different hashes of the one password, shared by the users: a hash for each would cost 2 ms a user."""
_BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class PasswordHash(ColumnDeclaration):
    """A bcrypt hash of the password, salted from the seed."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        return [password_hash(chunk.scope.seed, draws.below(SALTS)) for _ in range(chunk.count)]


@cache
def password_hash(seed: str, number: int, password: str = PASSWORD) -> str:
    """Return a bcrypt hash under a salt that belongs to (seed, number).

    The last of the 22 salt characters carries two bits only, hence one of `.`, `O`, `e`, `u`.
    """
    import bcrypt

    digest = blake2b(f"{seed}\x1f{number}".encode(), digest_size=22).digest()
    salt = "".join(_BCRYPT_ALPHABET[byte % 64] for byte in digest[:21]) + ".Oeu"[digest[21] % 4]
    hashed = bcrypt.hashpw(password.encode(), f"$2a${BCRYPT_COST:02d}${salt}".encode())
    return hashed.decode()


def slugify(text: str, separator: str = "-") -> str:
    """Lower-case ASCII letters and digits of a text, other runs replaced by the separator."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", separator, ascii_text.lower()).strip(separator)


def _email(row: Any, index: int) -> str:
    return f"{slugify(row.first_name, '.')}.{slugify(row.last_name, '.')}.{index + 1}@example.com"


def _display_name(row: Any, _index: int) -> str:
    return f"{row.first_name} {row.last_name}"


class UserFactory(TableFactory):
    """A confirmed user with a password, unique by construction: the row's number is in the address."""

    class Meta:
        table = "users"
        lenient = True

    instance_id = Constant(UUID(int=0))
    id = RandomUuid()
    aud = "authenticated"
    role = "authenticated"
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    display_name = FromRow(_display_name)
    email = FromRow(_email)
    encrypted_password = PasswordHash()
    created_at = Instant()
    updated_at = Instant(after="created_at")
    email_confirmed_at = factory.SelfAttribute("created_at")
    last_sign_in_at = Instant(after="created_at")
    raw_app_meta_data = Constant({"provider": "email", "providers": ["email"]})
    raw_user_meta_data = FromRow(lambda row, _index: {"name": row.display_name})
    is_sso_user = False
    is_anonymous = False
    confirmation_token = ""
    recovery_token = ""
    email_change_token_new = ""
    email_change_token_current = ""
    email_change = ""
    phone_change = ""
    phone_change_token = ""
    reauthentication_token = ""


def _identity_data(row: Any, _index: int) -> dict[str, object]:
    return {"sub": str(row.user_id), "email": row.user_email, "email_verified": True, "phone_verified": False}


class IdentityFactory(TableFactory):
    """The e-mail identity of the user of the same number."""

    class Meta:
        table = "identities"
        lenient = True

    user = Reference("users", ("id", "email", "created_at", "last_sign_in_at"), index=one_to_one)
    id = RandomUuid()
    user_id = PartOf("user", 0)
    user_email = PartOf("user", 1)
    provider = "email"
    provider_id = FromRow(lambda row, _index: str(row.user_id))
    identity_data = FromRow(_identity_data)
    created_at = PartOf("user", 2)
    updated_at = PartOf("user", 2)
    last_sign_in_at = PartOf("user", 3)
