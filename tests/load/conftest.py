"""Shared by the tests of loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def another_database(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A second empty database, for tests that compare two."""
    import psycopg
    from pytest_supaseed.server.databases import create_database, drop_database, maintenance_connection

    name = "supaseed_test_another"
    with maintenance_connection(endpoint) as maintenance:
        drop_database(maintenance, name)
        create_database(maintenance, name, owner=endpoint.user)
        try:
            with psycopg.connect(endpoint.conninfo(name), autocommit=True) as connection:
                yield connection
        finally:
            drop_database(maintenance, name)
