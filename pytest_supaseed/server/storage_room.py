"""Whether there is room on a server for a database that nobody has asked for yet."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pytest_supaseed.server.memory_tablespace import ClusterEndpoint, tablespace_for

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

SHARE_OF_DISK = 4
"""A spare database may take one part in so many of what is free: there are other workers, and tests write."""
LARGEST_GUEST = 1 << 30
"""Bytes of a spare database on a server that is not ours, whose disk we cannot see."""


def has_room(endpoint: Endpoint, size: int) -> bool:
    """Return whether a spare database may be made.

    Args:
        endpoint: the server.
        size: the database's bytes.
    """
    if tablespace_for(endpoint, size) is not None:
        return True
    if isinstance(endpoint, ClusterEndpoint):
        return size * SHARE_OF_DISK <= shutil.disk_usage(endpoint.folder).free
    return size <= LARGEST_GUEST
