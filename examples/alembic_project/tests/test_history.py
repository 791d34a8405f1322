"""The history as a whole: what holds for every migration, those to come included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic.util import CommandError
from sqlalchemy import text

if TYPE_CHECKING:
    from invoicing.migrations import Migrations
    from sqlalchemy import Engine


def columns(engine: Engine) -> list[Any]:
    """Describe every column and check, by name: what a migration changes."""
    described = text(
        """
        select 'column', table_name, column_name, data_type, is_nullable, column_default
        from information_schema.columns where table_schema = 'public'
        union all
        select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), null, null
        from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2, 3
        """
    )
    with engine.connect() as connection:
        return list(connection.execute(described))


def test_there_is_one_newest_revision(migrations: Migrations) -> None:
    """Two branches that were merged without a word would give two."""
    assert migrations.script.get_heads() == ["0003"]


def test_the_models_are_what_the_migrations_make(migrations: Migrations) -> None:
    """A model that was changed without a migration is found."""
    migrations.check()


def test_a_change_without_a_migration_is_found(migrations: Migrations, engine: Engine) -> None:
    """The test above can fail."""
    with engine.begin() as connection:
        connection.execute(text("alter table customers drop column email"))
    with pytest.raises(CommandError, match="add_column"):
        migrations.check()


def test_each_step_leads_back_and_forth(migrations: Migrations, engine: Engine) -> None:
    """With rows in the tables, down to each revision and up again: the tables are as they were."""
    newest = columns(engine)
    for script in migrations.script.walk_revisions():
        if script.down_revision is None:
            break
        before = columns(engine)
        migrations.downgrade(str(script.down_revision))
        assert columns(engine) != before
        migrations.upgrade(script.revision)
        assert columns(engine) == before
        migrations.downgrade(str(script.down_revision))
    migrations.upgrade("head")
    assert columns(engine) == newest


@pytest.mark.supaseed(rows={"customers": 0, "invoices": 0})
def test_from_nothing_and_back_to_nothing(migrations: Migrations, engine: Engine) -> None:
    """On an empty database every migration runs, and the last table goes with the first migration."""
    migrations.downgrade("base")
    assert {row[1] for row in columns(engine)} == {"alembic_version"}
    migrations.upgrade("head")
    migrations.check()
