"""Where a project's schema may come from, by its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.platform.schema_candidates import schema_candidates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([], []),
        (["supabase/migrations/1.sql", "schema.sql"], ["supabase/migrations", "schema.sql"]),
        (["apps/a/supabase/migrations/1.sql"], ["apps/a/supabase/migrations"]),
        (["supabase/migrations/readme.md"], []),
        (["alembic.ini", "db/schema.sql"], ["alembic:alembic.ini", "db/schema.sql", "db/*.sql"]),
        (["migrations/0001.sql"], ["migrations/*.sql"]),
    ],
)
def test_files_tell(tmp_path: Path, files: list[str], found: list[str]) -> None:
    """The likeliest first; a folder without SQL is none."""
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert schema_candidates(tmp_path) == found


def test_the_settings_of_django(tmp_path: Path) -> None:
    """`manage.py` names them; one that does not, or that is no text, tells nothing."""
    manage = tmp_path / "manage.py"
    manage.write_text('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")')
    assert schema_candidates(tmp_path) == ["django:shop.settings"]
    manage.write_text("print()")
    assert schema_candidates(tmp_path) == []
    manage.write_bytes(b"\xff\xfe")
    assert schema_candidates(tmp_path) == []
