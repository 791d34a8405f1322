"""Identities of users of any kind: what the provider by which a user signs in knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.declarations import ColumnDeclaration, FromRow
from pytest_supaseed.rows.login_values import obscured
from pytest_supaseed.rows.users import IdentityFactory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.rows.chunk import Chunk, Producer

_ALWAYS = ("id", "email", "created_at", "last_sign_in_at", "email_confirmed_at", "raw_app_meta_data")
_OF_KINDS = {"phone": "phone", "deleted": "deleted_at"}
"""Columns of users that only users of a kind have a value in."""


def is_known(user: Mapping[str, Any]) -> bool:
    """Whether a provider knows a user: nobody knows who is anonymous."""
    return user.get("email") is not None or user.get("phone") is not None


def is_ordinary(user: Mapping[str, Any]) -> bool:
    """Whether a user is known by a confirmed e-mail address."""
    metadata = user.get("raw_app_meta_data")
    provider = metadata.get("provider", "email") if isinstance(metadata, dict) else "email"
    confirmed = user.get("email_confirmed_at", True) is not None
    return provider == "email" and confirmed and user.get("deleted_at") is None


def identity_of(user: Mapping[str, Any]) -> dict[str, object]:
    """Return what an identity says of a user: provider, its id there, and what the provider told.

    Args:
        user: a row of `auth.users`.
    """
    key = str(user["id"])
    provider = (user.get("raw_app_meta_data") or {}).get("provider", "email")
    if user.get("deleted_at") is not None:
        return _identity("email", obscured(key, f"email:{key}"), {})
    if provider == "phone":
        data = {"sub": key, "phone": user["phone"], "email_verified": False, "phone_verified": True}
        return _identity(provider, key, data)
    verified = user.get("email_confirmed_at") is not None
    sub = user["email"] if provider.startswith("sso:") else key
    data = {"sub": sub, "email": user["email"], "email_verified": verified, "phone_verified": False}
    return _identity(provider, sub, data)


def _identity(provider: str, provider_id: str, data: Mapping[str, object]) -> dict[str, object]:
    return {"provider": provider, "provider_id": provider_id, "identity_data": dict(data)}


def keyed_by_provider(table: Table, producers: dict[str, Producer]) -> dict[str, Producer]:
    """Return the producers of identities, whose own key was the provider's in older versions of GoTrue."""
    if "provider_id" in table.by_name or "id" not in table.by_name or "provider_id" not in producers:
        return producers
    return {**producers, "id": producers["provider_id"]}


class KnownUser(ColumnDeclaration):
    """The user whom a row is for, as a mapping: those whom no provider knows have no row."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        logins = chunk.scope.logins
        columns = (*_ALWAYS, *(column for kind, column in _OF_KINDS.items() if logins.kinds.get(kind)))
        numbers = [logins.known_at(row) for row in chunk.positions]
        found = chunk.scope.parents.of("users", "").values(columns, numbers)
        return [dict(zip(columns, values, strict=True)) for values in found]


class KnownIdentityFactory(IdentityFactory):
    """The identity of a user of any kind."""

    class Meta:
        exclude = ("user", "known")

    user = KnownUser()
    known = FromRow(lambda row, _index: identity_of(row.user))
    user_id = FromRow(lambda row, _index: row.user["id"])
    user_email = FromRow(lambda row, _index: row.user["email"])
    provider = FromRow(lambda row, _index: row.known["provider"])
    provider_id = FromRow(lambda row, _index: row.known["provider_id"])
    identity_data = FromRow(lambda row, _index: row.known["identity_data"])
    created_at = FromRow(lambda row, _index: row.user["created_at"])
    updated_at = FromRow(lambda row, _index: row.user["created_at"])
    last_sign_in_at = FromRow(lambda row, _index: row.user["last_sign_in_at"])
