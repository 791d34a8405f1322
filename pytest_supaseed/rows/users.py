"""Users who can log in: rows of `auth.users` and `auth.identities` as GoTrue writes them.

GoTrue reads several token columns into Go strings that cannot be NULL; a NULL there answers every login with
"Database error querying schema". So they are empty strings here. Columns that a project's `auth.users` lacks
are left out when the factory meets the table.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import factory

from pytest_supaseed.rows.declarations import Constant, FromRow, Instant, PartOf, RandomUuid
from pytest_supaseed.rows.email_addresses import EmailAddress
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.foreign_keys import Reference, one_to_one
from pytest_supaseed.rows.login_values import FOR_GOOD, SSO_PROVIDER, UserMetadata, obscured, provided
from pytest_supaseed.rows.numbered_values import fictional_number
from pytest_supaseed.rows.passwords import PasswordHash
from pytest_supaseed.rows.people import PersonPart
from pytest_supaseed.rows.semantics import text_declaration
from pytest_supaseed.rows.slugs import slugify


def _username(row: Any, index: int) -> str:
    return f"{slugify(row.first_name, '') or 'user'}-{index + 1}"


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
    first_name = PersonPart("first_name")
    last_name = PersonPart("last_name")
    display_name = FromRow(_display_name)
    name = factory.SelfAttribute("display_name")
    full_name = factory.SelfAttribute("display_name")
    username = FromRow(_username)
    email = EmailAddress()
    encrypted_password = PasswordHash()
    created_at = Instant()
    updated_at = Instant(after="created_at")
    email_confirmed_at = factory.SelfAttribute("created_at")
    last_sign_in_at = Instant(after="created_at")
    raw_app_meta_data = Constant(provided("email"))
    raw_user_meta_data = UserMetadata()
    is_super_admin = False
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
    email_change_confirm_status = 0
    login_rows = ""

    class Params:
        phone_user = factory.Trait(
            email=None,
            email_confirmed_at=None,
            phone=FromRow(lambda _row, index: fictional_number(index).lstrip("+")),
            phone_confirmed_at=factory.SelfAttribute("created_at"),
            raw_app_meta_data=Constant(provided("phone")),
        )
        anonymous_user = factory.Trait(
            email=None,
            email_confirmed_at=None,
            encrypted_password="",
            raw_app_meta_data=Constant({}),
            raw_user_meta_data=Constant({}),
            is_anonymous=True,
        )
        sso_user = factory.Trait(
            encrypted_password="",
            raw_app_meta_data=Constant(provided(f"sso:{SSO_PROVIDER}")),
            is_sso_user=True,
        )
        unconfirmed_user = factory.Trait(
            email_confirmed_at=None,
            confirmation_sent_at=factory.SelfAttribute("created_at"),
            last_sign_in_at=None,
        )
        banned_user = factory.Trait(banned_until=FromRow(lambda row, _index: row.created_at + FOR_GOOD))
        deleted_user = factory.Trait(
            email=FromRow(lambda row, _index: obscured(row.id, "email")),
            phone=FromRow(lambda row, _index: obscured(row.id, "")[:15]),
            email_change=FromRow(lambda row, _index: obscured(row.id, "")),
            phone_change=FromRow(lambda row, _index: obscured(row.id, "")[:15]),
            encrypted_password="",
            raw_app_meta_data=Constant({}),
            raw_user_meta_data=Constant({}),
            deleted_at=factory.SelfAttribute("updated_at"),
        )
        signed_in_user = factory.Trait(login_rows="session")
        mfa_user = factory.Trait(login_rows="factor")
        super_admin_user = factory.Trait(
            raw_app_meta_data=Constant(provided("email", role="super-admin")), login_rows="factor"
        )


class ProfileFactory(TableFactory):
    """What a person shows of themselves: names, a picture, a few words."""

    class Meta:
        table = "profiles"
        lenient = True

    first_name = PersonPart("first_name")
    last_name = PersonPart("last_name")
    display_name = FromRow(_display_name)
    full_name = factory.SelfAttribute("display_name")
    name = factory.SelfAttribute("display_name")
    username = FromRow(_username)
    email = EmailAddress()
    bio = text_declaration("profiles", "bio")
    website = FromRow(lambda row, _index: f"https://{row.username}.example")
    avatar_url = FromRow(lambda row, _index: f"https://images.example.com/{row.username}.jpg")
    picture_url = factory.SelfAttribute("avatar_url")
    created_at = Instant()
    updated_at = Instant(after="created_at")


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
