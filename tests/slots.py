"""Places for values, made by hand, for tests of what is drawn into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import Type, TypeKind
from pytest_supaseed.plan.streams import Stream
from pytest_supaseed.rows.domains import Slot

if TYPE_CHECKING:
    from pytest_supaseed.rows.domains import Drawer


def built_in(name: str) -> Type:
    """A base type of Postgres; its OID does not matter here."""
    return Type(0, "pg_catalog", name, TypeKind.BASE)


def slot(type_name: str, name: str = "thing", *, modifier: int = -1, default: str | None = None) -> Slot:
    """A place for values of a built-in type."""
    return Slot(built_in(type_name), modifier, type_name, name, default)


def draw(drawer: Drawer | None, count: int = 300) -> list[object]:
    """Values drawn from one stream."""
    assert drawer is not None
    draws = Stream("s", "t", "", "c").draws(0)
    return [drawer(draws) for _ in range(count)]
