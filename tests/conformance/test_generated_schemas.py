"""Whatever schema is generated: loading never breaks a constraint, and two runs give the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conformance.generated_schemas import schemas
from hypothesis import HealthCheck, Phase, given, settings

from benchmarks.seeded_schema import seed_schema
from pytest_supaseed.isolation.templates import TemplateStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

ROWS = 20


@pytest.fixture(scope="module")
def store(endpoint: Endpoint) -> Iterator[TemplateStore]:
    """Where the databases are made."""
    with open_store(endpoint, run="generated") as store:
        yield store


@given(schema=schemas())
@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a second for each try: what failed is small enough to read
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_schema_is_filled_with_valid_rows(store: TemplateStore, tmp_path: Path, schema: str) -> None:
    """No table stays empty, no constraint is broken, and the second seeding equals the first."""
    path = tmp_path / "schema.sql"
    path.write_text(schema, encoding="utf-8")

    outcome = seed_schema(store, path, rows=ROWS, twice=True)

    assert outcome.error is None
    assert outcome.violations == []
    assert outcome.unfilled == {}
    assert outcome.differing == []
