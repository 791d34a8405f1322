"""Which rows of other tables a factory's declarations refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory

from pytest_supaseed.rows.declarations import Parent

if TYPE_CHECKING:
    from collections.abc import Iterator


def parent_of_declaration(declaration: object) -> Parent | None:
    """What a declaration refers to: a `Parent`, or the table of a `SubFactory`; None where it is neither."""
    if isinstance(declaration, Parent):
        return declaration
    if isinstance(declaration, factory.Maybe):
        sides = map(parent_of_declaration, (declaration.yes, declaration.no))
        return next((found for found in sides if found is not None), None)
    if isinstance(declaration, factory.SubFactory):
        made_by: Any = declaration.get_factory()
        if getattr(made_by._meta, "table", None):  # noqa: SLF001  # factory_boy's only name for it
            return Parent(made_by)
    return None


def parent_factories(made_by: type | None) -> Iterator[type]:
    """The factories that a factory refers to by class: where a table is empty, its row is made by them."""
    meta: Any = getattr(made_by, "_meta", None)
    for declaration in {} if meta is None else meta.pre_declarations.declarations.values():
        found = parent_of_declaration(declaration)
        if found is not None and isinstance(found.target, type):
            yield found.target
