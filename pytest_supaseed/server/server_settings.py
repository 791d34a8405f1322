"""The settings that a server of ours runs under, and why. Figures: docs/explanation/servers.md."""

from __future__ import annotations

import locale
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONTROL_PATH_SINCE = 18
"""The major version that brings `extension_control_path`."""
IO_METHOD_SINCE = 18
BUILTIN_LOCALE_SINCE = 17
CHECKSUMS_BY_DEFAULT_SINCE = 18

SETTINGS = (
    # Nobody gets in but who knows the password.
    "listen_addresses=127.0.0.1",
    "password_encryption=scram-sha-256",
    "unix_socket_permissions=0700",
    # What is in here can be made anew: nothing waits for a disk. Where that could show, the cluster is thrown
    # away (cluster_state.py).
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    # As on Supabase: publications and slots work, and creating one warns of nothing. No measurable cost.
    "wal_level=logical",
    "max_wal_size=256MB",  # at 1 GB, which is the default, the folder grows by as much
    "min_wal_size=16MB",
    "checkpoint_timeout=30min",  # each clone makes a checkpoint anyway
    # Workers that each hold a few connections, on a machine with many cores.
    "max_connections=300",
    "max_prepared_transactions=64",  # two-phase commit is off by default, and a test may well try it
    "max_locks_per_transaction=256",  # a schema of 2,000 tables in one transaction
    # Nothing writes but tests: an analyze in the background takes a transaction id, from which a test's
    # writes are told, and connects to templates, which then cannot be copied.
    "autovacuum=off",
    "track_counts=on",  # tells which tables a test changed
    # The same rows in the same order, run after run.
    "max_parallel_workers_per_gather=0",
    "synchronize_seqscans=off",
    "jit=off",  # a test's queries are too short to gain from it
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",  # start-up failures are told apart by their messages
    "max_logical_replication_workers=0",  # a process less
    # Not in /dev/shm, where a killed server leaves its pieces, and where Docker has 64 MB.
    "dynamic_shared_memory_type=mmap",
    "huge_pages=off",
    "logging_collector=off",
    "log_destination=stderr",
    "log_checkpoints=off",
    "cluster_name=supaseed",
)


def server_settings(major: int, control_path: Path | None, socket_folder: Path | None) -> list[str]:
    """Return the settings for a version, as `name=value`.

    Args:
        major: the version.
        control_path: a folder of extensions of ours, offered where the version can take one.
        socket_folder: where the private socket is made; None for none.
    """
    settings = [*SETTINGS, f"unix_socket_directories={_quoted(socket_folder)}"]
    if major >= IO_METHOD_SINCE:
        settings.append("io_method=sync")  # three processes less, and 5 ms of the start
    if control_path is not None and major >= CONTROL_PATH_SINCE:
        settings.append(f"extension_control_path=$system:{control_path}")
    return settings


def _quoted(folder: Path | None) -> str:
    """A list of one folder: double quotes keep commas and spaces in a name."""
    return "" if folder is None else '"{}"'.format(str(folder).replace('"', '""'))


def initdb_arguments(major: int) -> list[str]:
    """Return what `initdb` is told, apart from the folder and the login."""
    arguments = [
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
        "--no-instructions",
        "--wal-segsize=1",  # 30 MB instead of 39
    ]
    if major >= CHECKSUMS_BY_DEFAULT_SINCE:
        arguments.append("--no-data-checksums")  # 4 to 20% of a clone
    if major >= BUILTIN_LOCALE_SINCE:
        return [*arguments, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*arguments, "--locale=C", f"--lc-ctype={_character_type()}"]


def _character_type() -> str:
    """Upper and lower case beyond ASCII, where the system knows them apart from any language."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
