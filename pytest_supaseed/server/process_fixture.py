"""A server as pytest-postgresql's fixtures want it, so that tests written for them run on ours unchanged.

In a project's conftest.py:

    @pytest.fixture(scope="session")
    def postgresql_proc(supaseed_process):
        return supaseed_process

or, with files to load first: `postgresql_proc = factories.postgresql_noproc(depends_on="supaseed_process")`.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class ServerProcess:
    """What `factories.postgresql` and `postgresql_noproc(depends_on=...)` read of a process fixture.

    Args:
        host: the server's host.
        port: the server's port.
        user: a login that may create databases.
        password: what it logs in with.
        dbname: the database that a test gets; each process has its own name for it: runs share the server.
        template_dbname: what that is copied from.
        maintenance_dbname: the database that is connected to in order to create and drop.
        options: libpq's `options`.
        server_version: as printed, `18.6`.
    """

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    dbname: str
    template_dbname: str
    maintenance_dbname: str
    options: str
    server_version: str

    @property
    def version(self) -> Any:
        """The version, as pytest-postgresql compares it."""
        from packaging.version import parse

        return parse(self.server_version)

    def running(self) -> bool:
        """Whether it runs: it does for as long as there is such a value."""
        return True


def process_for(endpoint: Endpoint, *, dbname: str = "tests") -> ServerProcess:
    """Return a server as pytest-postgresql's fixtures want it.

    Args:
        endpoint: the server.
        dbname: how the database's name begins.
    """
    return ServerProcess(
        host=endpoint.host,
        port=endpoint.port,
        user=endpoint.user,
        password=endpoint.password,
        dbname=f"{dbname}_{os.getpid()}_{secrets.token_hex(3)}",
        template_dbname="template1",
        maintenance_dbname=endpoint.database,
        options=endpoint.parameters.get("options", ""),
        server_version=endpoint.version,
    )
