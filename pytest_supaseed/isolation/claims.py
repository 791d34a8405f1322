"""Who a connection acts as: the claims of a user's token, and the settings that PostgREST makes of them.

PostgREST hands the claims to Postgres as `request.jwt.claims`, a JSON text; its versions before 9 made a
setting `request.jwt.claim.NAME` of each claim. Policies in the wild read either, so both are set.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

AssuranceLevel = Literal["aal1", "aal2"]

AUTHENTICATED, ANON, SERVICE = "authenticated", "anon", "service_role"

STARTUP_BYTES = 8_000
"""What settings may take up: the server ends a startup packet of more than 10,000 bytes, names included."""

_SETTING = re.compile(r"[A-Za-z_]\w*", re.ASCII)
"""What may stand after the last dot of a custom setting's name (20.16, "Customized Options")."""


@dataclass(frozen=True)
class Persona:
    """A role with the claims of a token.

    Args:
        role: the role that statements run as.
        claims: the token's claims.
        settings: further settings, such as `app.tenant_id`, for policies that read these.
        name: who it is, for messages.
    """

    role: str
    claims: Mapping[str, Any]
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""

    def as_settings(self) -> dict[str, str]:
        """Return the settings under which a transaction runs, by name.

        Raises:
            UsageError: a claim has no form in JSON.
        """
        found = {"role": self.role, "request.jwt.claims": _json(self.claims)}
        for name, value in self.claims.items():
            if _SETTING.fullmatch(name):
                found[f"request.jwt.claim.{name}"] = value if isinstance(value, str) else _json(value)
        return {**found, **self.settings}

    def as_startup_options(self) -> str:
        """Return the settings as libpq's `options`: a session begins with them and falls back on them.

        Raises:
            UsageError: they are too long for the start of a session.
        """
        settings = self.as_settings()
        text = " ".join(f"-c {_escaped(f'{name}={value}')}" for name, value in settings.items())
        if len(text.encode()) > STARTUP_BYTES:
            raise UsageError(
                f"The claims of {self.name or self.role} are too large to act with:"
                f" {len(text.encode()):,} bytes, and a connection takes {STARTUP_BYTES:,} at its start.",
                looked_at=[f"{name}: {len(value):,} characters" for name, value in settings.items()],
                remedies=["leave out of the metadata and claims what the policies do not read"],
            )
        return text


def user_persona(
    user: Mapping[str, Any],
    *,
    aal: AssuranceLevel = "aal1",
    claims: Mapping[str, Any] = MappingProxyType({}),
    role: str | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Persona:
    """Return what a signed-in user acts as: the claims that GoTrue puts into an access token.

    Args:
        user: the user's row, of `auth.users` or of a table of the project's own with an `id`.
        aal: the authenticator assurance level; `aal2` after a second factor.
        claims: further claims, which replace those of the same name.
        role: the role; the claim `role`'s, the row's, or `authenticated` when not given.
        settings: further settings.

    Raises:
        UsageError: `aal` or a claim is not allowed.
    """
    _check_level(aal)
    _check_claims(claims)
    usual = {
        "sub": str(user["id"]),
        "aud": user.get("aud") or AUTHENTICATED,
        "role": user.get("role") or AUTHENTICATED,
        "email": user.get("email") or "",
        "phone": user.get("phone") or "",
        "app_metadata": user.get("raw_app_meta_data") or {},
        "user_metadata": user.get("raw_user_meta_data") or {},
        "aal": aal,
        "amr": [{"method": method, "timestamp": 0} for method in _methods(aal)],
        "is_anonymous": bool(user.get("is_anonymous")),
    }
    merged = {**usual, **claims}
    acting = role or str(merged["role"])
    return Persona(acting, {**merged, "role": acting}, settings, str(merged["email"] or merged["sub"]))


def bare_persona(role: str, *, settings: Mapping[str, str] = MappingProxyType({})) -> Persona:
    """Return what an API key without a user acts as: `anon` or `service_role`."""
    return Persona(role, {"role": role, "iss": "supabase"}, settings, role)


def _methods(aal: AssuranceLevel) -> tuple[str, ...]:
    return ("password",) if aal == "aal1" else ("totp", "password")


def _check_level(aal: object) -> None:
    if aal not in ("aal1", "aal2"):
        raise UsageError(f"aal={aal!r}; allowed is 'aal1' or 'aal2'.")


def _check_claims(claims: object) -> None:
    from collections.abc import Mapping as AnyMapping

    if not isinstance(claims, AnyMapping) or not all(isinstance(name, str) for name in claims):
        raise UsageError(
            f"claims={claims!r}; allowed are claims by their names.",
            remedies=['claims={"app_metadata": {"role": "super-admin"}}'],
        )


def _json(value: object) -> str:
    try:
        return json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"The claims cannot be written as JSON: {error}.",
            remedies=["use texts, numbers, booleans, None, lists and dicts of them, UUIDs and dates"],
        ) from None


def _plain(value: object) -> object:
    from datetime import date
    from uuid import UUID

    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


def _escaped(text: str) -> str:
    """Spaces separate libpq's options, and a backslash keeps what follows it (34.1.2, `options`)."""
    return re.sub(r"([\\\s])", r"\\\1", text)
