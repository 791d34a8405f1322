"""What is known of the logical tables whatever the framework: other names, columns, and what they refer to.

It serves the guess (`guesses`) alone: where a table has its own name, or a framework knows it, none of this
is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGICAL_TABLES = (
    "users",
    "identities",
    "accounts",
    "profiles",
    "teams",
    "memberships",
    "invitations",
    "subscriptions",
    "orders",
    "notifications",
    "setup_types",
    "setups",
    "gear",
    "media",
    "posts",
)
"""What factories and tests speak of, whatever the schema calls it; a schema need not have all of them."""


@dataclass(frozen=True, slots=True)
class LogicalTable:
    """What a table that goes by a logical name usually has.

    Args:
        columns: what it holds, each as the names that columns have for it.
        parents: the logical tables of which it refers to one.
        synonyms: other names of it, besides those that frameworks know.
    """

    columns: tuple[tuple[str, ...], ...]
    parents: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


def _known(columns: str, parents: str = "", synonyms: str = "") -> LogicalTable:
    """Read columns as `title/name description`."""
    alternatives = tuple(tuple(names.split("/")) for names in columns.split())
    return LogicalTable(alternatives, tuple(parents.split()), tuple(synonyms.split()))


_OWNER = "user_id/account_id/owner_id/profile_id/author_id/team_id/organization_id"
_TEMPLATE = _known("name/title category/type/make description")
_MEDIA = _known(
    "file_path/path/url/file_url mime_type/content_type size_bytes/file_size caption/alt_text/file_name",
    "setups posts accounts users",
)

KNOWN: Mapping[str, LogicalTable] = MappingProxyType(
    {
        "users": _known(
            "email/mail/email_address"
            " name/full_name/display_name/username/first_name/handle"
            " password/password_hash/encrypted_password/hashed_password/avatar_url/picture_url"
        ),
        "identities": _known("user_id provider provider_id/identity_data/uid", "users"),
        "accounts": _known(
            "name/display_name email/primary_owner_user_id/owner_id slug/picture_url/avatar_url"
            " is_personal_account/personal_account/public_data/public_metadata",
            "users",
        ),
        "profiles": _known(
            "username/display_name/full_name/name avatar_url/picture_url/image_url bio/about/website", "users"
        ),
        "teams": _known("name slug/handle/logo_url/description", synonyms="organizations"),
        "memberships": _known(
            "user_id/profile_id/member_id account_id/team_id/organization_id role/account_role/role_id",
            "users accounts teams",
            "team_members account_members organization_members",
        ),
        "invitations": _known(
            "email/account_name token/invite_token invited_by/invited_by_user_id/inviter_id"
            " account_id/team_id/organization_id role/account_role",
            "accounts teams users",
            "invites",
        ),
        "subscriptions": _known(
            f"status {_OWNER} cancel_at_period_end"
            " period_ends_at/current_period_end/period_end/ends_at/trial_ends_at/trial_end",
            "accounts teams users billing_customers",
        ),
        "subscription_items": _known(
            "subscription_id product_id/price_id/variant_id quantity price_amount/unit_amount",
            "subscriptions",
        ),
        "billing_customers": _known(
            f"{_OWNER} customer_id/stripe_customer_id/email provider/billing_provider", "accounts teams users"
        ),
        "orders": _known(
            f"{_OWNER}/customer_id/billing_customer_id status total_amount/total/amount currency",
            "accounts teams users billing_customers",
        ),
        "order_items": _known(
            "order_id product_id/variant_id quantity price_amount/price/unit_price", "orders"
        ),
        "notifications": _known(
            f"{_OWNER}/recipient_id body/message/content/title type/channel/kind"
            " dismissed/read/read_at/is_read",
            "accounts users teams",
        ),
        "nonces": _known("client_token/token purpose expires_at user_id", "users"),
        "config": _known(
            "enable_team_accounts enable_team_account_billing"
            " enable_account_billing/enable_personal_account_billing billing_provider"
        ),
        "setup_types": _TEMPLATE,
        "base_templates": _TEMPLATE,
        "setups": _known(
            f"title/name description {_OWNER} setup_type_id/base_template_id/template_id",
            "setup_types base_templates accounts users profiles",
        ),
        "gear": _known("name/title category/category_id weight_grams/weight/price brand/make/description"),
        "media": _MEDIA,
        "media_attachments": _MEDIA,
        "posts": _known(
            f"title content/body {_OWNER} slug/status/published_at/published", "users profiles accounts"
        ),
    }
)
