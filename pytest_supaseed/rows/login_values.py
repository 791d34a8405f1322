"""What GoTrue writes about a user beside address and password: providers, metadata, what is obscured."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk

SSO_PROVIDER = UUID("5a0f5eed-0000-4000-8000-000000000001")
"""The identity provider of all seeded users of single sign-on."""

FOR_GOOD = timedelta(days=36_500)
"""Beyond any test run."""


def provided(name: str, **more: object) -> dict[str, object]:
    """What GoTrue notes in a user's `app_metadata`: the provider by which the user signs in."""
    return {"provider": name, "providers": [name], **more}


def obscured(user: object, text: str) -> str:
    """What GoTrue puts in the place of a deleted user's address: nobody finds it, and it stays unique."""
    digest = hashlib.sha256(f"{user}{text}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Once(ColumnDeclaration):
    """The key of a row that a database has once, whoever made it.

    Args:
        value: the key.
        is_there: whether there is one already: no second one is made.
    """

    def __init__(self, value: object, *, is_there: bool = False) -> None:
        super().__init__()
        self.value = value
        self.is_there = is_there

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return [self.value] * chunk.count


class UserMetadata(ColumnDeclaration):
    """What a user says of themselves: the name, and which persona it is where there are personas."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        names = chunk.column("display_name")
        logins = chunk.scope.logins
        if not logins.personas:
            return [{"name": shown} for shown in names]
        numbered = zip(names, chunk.positions, strict=True)
        return [{"name": shown, "persona": logins.persona_at(number)} for shown, number in numbered]
