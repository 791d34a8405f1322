"""What an application tells its people, and the tokens by which they answer once: notifications, nonces."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import factory

from pytest_supaseed.rows.declarations import Constant, Drawn, DrawnFrom, FromRow, Instant, OneOf, Parent
from pytest_supaseed.rows.domain_fields import DrawnFromDomain
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.in_turn import InTurn
from pytest_supaseed.rows.teams import same

LINKS = ("/home", "/home/settings", "/home/billing", None)
SHOWN_FOR = timedelta(days=30)
FAR = timedelta(days=36_500)
"""Far beyond any test run: what is still open today."""
VALID_FOR = timedelta(hours=1)


class NotificationFactory(TableFactory):
    """A notification to one person, in the personal account of the same number."""

    class Meta:
        table = "notifications"
        lenient = True

    account_id = Parent("accounts", index=same)
    body = DrawnFromDomain(lambda words, _row, draws: draws.pick(words.notifications))
    message = factory.SelfAttribute("body")
    link = OneOf(LINKS)
    dismissed = Drawn(lambda draws: draws.random() < 0.3)  # noqa: PLR2004  # most are still to be read
    created_at = Instant(days=30)
    expires_at = FromRow(lambda row, index: row.created_at + (SHOWN_FOR if index % 2 else FAR))
    type = InTurn("info", "info", "warning", "info", "error")
    channel = Constant("in_app")


def _hashed(_row: Any, draws: Any) -> str:
    return hashlib.sha256(str(draws.random()).encode()).hexdigest()


class NonceFactory(TableFactory):
    """A token for one use: every second one was used, the others ran out."""

    class Meta:
        table = "nonces"
        lenient = True

    client_token = DrawnFrom(_hashed)
    nonce = DrawnFrom(_hashed)
    user_id = Parent("users", index=same)
    purpose = OneOf(("email-verification", "password-reset", "account-deletion"))
    created_at = Instant(days=90)
    expires_at = FromRow(lambda row, _index: row.created_at + VALID_FOR)
    used_at = FromRow(lambda row, index: row.created_at + timedelta(minutes=5) if index % 2 == 0 else None)
    verification_attempts = FromRow(lambda _row, index: 1 - index % 2)
