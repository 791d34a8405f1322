"""How the service connects: one engine for sync endpoints, one for async ones, on the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Database:
    """The engines of one running service.

    Attributes:
        sync: for endpoints that are plain functions.
        asynchronous: for endpoints that are coroutines.
    """

    sync: Engine
    asynchronous: AsyncEngine

    @classmethod
    def at(cls, url: URL, *, async_driver: str = "psycopg") -> Database:
        """Make both engines; nothing connects yet.

        Args:
            url: where the database is; its driver is chosen here.
            async_driver: `psycopg`, which speaks both ways, or `asyncpg`.
        """
        return cls(
            create_engine(url.set(drivername="postgresql+psycopg")),
            create_async_engine(url.set(drivername=f"postgresql+{async_driver}")),
        )

    async def dispose(self) -> None:
        """Close all pooled connections, within the event loop that opened them."""
        self.sync.dispose()
        await self.asynchronous.dispose()


def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


def _session(request: Request) -> Iterator[Session]:
    with Session(_database(request).sync) as session:
        yield session


async def _async_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(_database(request).asynchronous) as session:
        yield session


SyncSession = Annotated[Session, Depends(_session)]
"""A session for an endpoint that is a plain function; what it does not commit is rolled back."""

AsyncSessionOf = Annotated[AsyncSession, Depends(_async_session)]
"""The same for an endpoint that is a coroutine."""
