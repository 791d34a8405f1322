"""Alembic's commands for one database; the service runs `upgrade("head")` before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

INI = Path(__file__).parents[2] / "alembic.ini"


@dataclass(frozen=True)
class Migrations:
    """What `alembic upgrade` and the like do, for one database."""

    config: Config

    @classmethod
    def at(cls, url: str) -> Migrations:
        """Read the project's configuration, and point it at a database."""
        config = Config(INI)
        config.set_main_option(
            "sqlalchemy.url", url.replace("%", "%%")
        )  # a percent sign begins a placeholder
        return cls(config)

    def upgrade(self, revision: str) -> None:
        """Go on to a revision."""
        command.upgrade(self.config, revision)

    def downgrade(self, revision: str) -> None:
        """Go back to a revision."""
        command.downgrade(self.config, revision)

    def check(self) -> None:
        """Compare the models with the database; an error says what differs."""
        command.check(self.config)

    @property
    def script(self) -> ScriptDirectory:
        """The revisions."""
        return ScriptDirectory.from_config(self.config)
