"""What becomes of a `create extension`: one table, and one pure function over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal["install", "stub", "skip", "error"]


@dataclass(frozen=True, slots=True)
class ExtensionDecision:
    """What is done about one extension, and why: a line of the summary."""

    name: str
    action: Action
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionPolicy:
    """What we can do for an extension.

    Attributes:
        without: what is done where the server does not have it.
        why: what the reader of the summary should know of that.
        even_if_available: do that although the server has it.
        fixed_schema: where its objects lie whatever the statement says.
    """

    without: Action
    why: str
    even_if_available: bool = False
    fixed_schema: str | None = None


def _stub(why: str, *, schema: str | None = None, always: bool = False) -> ExtensionPolicy:
    return ExtensionPolicy(without="stub", why=why, even_if_available=always, fixed_schema=schema)


def _skip(why: str) -> ExtensionPolicy:
    return ExtensionPolicy(without="skip", why=why)


_WATCHING = "it watches or tunes the server, and no schema depends on it"

POLICIES: Mapping[str, ExtensionPolicy] = {
    "uuid-ossp": _stub("the same functions in SQL; version 1 UUIDs carry a random node"),
    "pgcrypto": _stub("digest, hmac and random bytes in SQL; crypt, gen_salt, encrypt and pgp_* raise"),
    "vector": _stub(
        "the type, its operators and its index names, over text; no index speeds a search up, and there is no"
        " halfvec and no sparsevec"
    ),
    "moddatetime": _stub("the same trigger function, in PL/pgSQL"),
    "pg_cron": _stub(
        "jobs are written down and never run; the real one works in one database per server",
        schema="cron",
        always=True,
    ),
    "pg_net": _stub(
        "requests are written down and never sent: a test should not call out", schema="net", always=True
    ),
    "http": _stub("every request raises: a test should not call out", always=True),
    "pgmq": _stub("queues are tables by the same functions; partitioned ones are plain", schema="pgmq"),
    "pgjwt": _stub("sign and verify in SQL, over pgcrypto's hmac"),
    "pg_graphql": _stub("graphql.resolve answers that GraphQL is not enabled", schema="graphql", always=True),
    "supabase_vault": _stub("secrets are kept as plain text", schema="vault", always=True),
    "pgsodium": _stub("keys are written down, random bytes are real; every cipher raises", schema="pgsodium"),
    "pg_jsonschema": _stub(
        "types, bounds, properties, items, enums and their combinations are judged; another keyword raises"
    ),
    "hypopg": _skip(_WATCHING),
    "index_advisor": _skip(_WATCHING),
    "pg_buffercache": _skip(_WATCHING),
    "pg_prewarm": _skip(_WATCHING),
    "pg_repack": _skip(_WATCHING),
    "pg_stat_monitor": _skip(_WATCHING),
    "pg_stat_statements": _skip(_WATCHING),
    "pg_tle": _skip("it installs extensions, and those are decided on here"),
    "pg_walinspect": _skip(_WATCHING),
    "pgaudit": _skip(_WATCHING),
    "pgrowlocks": _skip(_WATCHING),
    "pgstattuple": _skip(_WATCHING),
    "pgtap": _skip("it serves tests written in SQL, and these are written in Python"),
    "plpgsql_check": _skip("it serves a linter"),
    "supautils": _skip(_WATCHING),
}

NEEDS_ITS_OWN_BINARIES = "this server does not have it, and nothing stands in for it"


def decide_extension(
    name: str, *, available: frozenset[str], overrides: Mapping[str, str]
) -> ExtensionDecision:
    """Decide on one extension. The user's word goes first, then the server's, then the table's.

    Args:
        name: as in `create extension`.
        available: names in `pg_available_extensions`.
        overrides: extension to `install`, `stub`, `skip` or `error`, from the option `extensions`.

    Raises:
        UsageError: an override is none of these words, or asks for a stub that does not exist.
    """
    policy = POLICIES.get(name)
    if name in overrides:
        action = _override(name, overrides[name], policy)
        why = f": {policy.why}" if policy and action == "stub" else ""
        return ExtensionDecision(name, action, f"asked for by the option{why}")
    if name in available and not (policy and policy.even_if_available):
        return ExtensionDecision(name, "install", "the server has it")
    if policy is None:
        return ExtensionDecision(name, "error", NEEDS_ITS_OWN_BINARIES)
    return ExtensionDecision(name, policy.without, policy.why)


def _override(name: str, word: str, policy: ExtensionPolicy | None) -> Action:
    if word not in get_args(Action):
        raise UsageError(
            f"The option `extensions` says {word!r} for {name}.",
            remedies=["say one of: " + ", ".join(get_args(Action))],
        )
    if word == "stub" and (policy is None or policy.without != "stub"):
        known = ", ".join(sorted(known for known, policy in POLICIES.items() if policy.without == "stub"))
        raise UsageError(
            f"The option `extensions` asks for a stub of {name}, and there is none.",
            looked_at=[f"stubs: {known}"],
            remedies=[f'say {name} = "skip", and take what needs it out of the test schema'],
        )
    return cast("Action", word)
