"""The web service."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from boxoffice import events, tickets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from boxoffice.database import Database


def create_app(database: Database) -> FastAPI:
    """Make the service for a database, which it closes when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await database.dispose()

    app = FastAPI(title="Box office", lifespan=lifespan)
    app.state.database = database
    app.include_router(events.router)
    app.include_router(tickets.router)
    return app
