"""SQL on a cluster whose server does not run, before anybody can connect: `postgres --single`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.new_cluster import SUPERUSER, Logins, server_environment
from pytest_supaseed.server.scram import make_verifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pytest_supaseed.server.cluster_start import ClusterPlace

SECONDS = 300
OWNED_LOGINS = ("postgres", "supaseed_migrator")
"""Roles besides the superuser that log in with a password of ours, where they have been made."""
_BAD = ("ERROR:", "FATAL:", "PANIC:")


def change_passwords(data: Path, place: ClusterPlace, logins: Logins) -> None:
    """Give the logins of a cluster at rest other passwords, as verifiers, so that no log can hold them.

    Args:
        data: the cluster's data, wherever it lies.
        place: what it is run with.
        logins: the passwords.

    Raises:
        EndpointError: these binaries do not run on that data.
    """
    by_role = {SUPERUSER: logins.superuser, **dict.fromkeys(OWNED_LOGINS, logins.owner)}
    _run(data, place, [_statement(by_role)])


def _statement(by_role: Mapping[str, str]) -> str:
    """One line, as this mode reads it; names and verifiers are ours and hold no quote."""
    changes = " ".join(
        f"if exists (select from pg_catalog.pg_roles where rolname = '{role}') then"
        f" alter role {role} password '{make_verifier(password)}'; end if;"
        for role, password in by_role.items()
    )
    return f"do $$ begin {changes} end $$;"


def _run(data: Path, place: ClusterPlace, statements: Sequence[str]) -> None:
    arguments = [str(place.binaries.postgres), "--single", "-D", str(data)]
    for setting in place.settings:
        arguments += ["-c", setting]
    try:
        done = subprocess.run(
            [*arguments, "postgres"],
            input="".join(f"{statement}\n" for statement in statements),
            cwd=data,
            env=server_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            **(place.user.process_arguments() if place.user else {}),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(place, [str(error)]) from error
    bad = [line for line in done.stderr.splitlines() if any(word in line for word in _BAD)]
    if done.returncode != 0 or bad:
        raise _refused(place, bad or done.stderr.splitlines()[-5:])


def _refused(place: ClusterPlace, said: Sequence[str]) -> EndpointError:
    return EndpointError(
        f"{place.binaries.title} cannot open the cluster.",
        looked_at=[f"{place.binaries.postgres} --single", *(line.strip() for line in said)],
        remedies=["go without it: the next run makes what it needs"],
    )
