"""How a declaration names a table of the catalog: as text for messages, exactly for looking it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table


class TableAddress(str):  # noqa: SLOT000  # a str of variable size takes no slots
    """`schema.name`, which remembers where the schema ends: either may hold dots itself."""

    schema: str
    name: str

    def __new__(cls, schema: str, name: str) -> Self:
        """Make the address of a table."""
        address = super().__new__(cls, f"{schema}.{name}")
        address.schema = schema
        address.name = name
        return address

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """Survive copies and pickles with both names."""
        return type(self), (self.schema, self.name)

    @classmethod
    def of_target(cls, key: ForeignKey) -> TableAddress:
        """The table that a foreign key refers to."""
        return cls(key.target_schema, key.target_table)


def find_table(catalog: Catalog, name: str) -> Table | None:
    """The table of an address, or of a text `schema.name`; None where there is none."""
    if isinstance(name, TableAddress):
        return catalog.find(name.schema, name.name)
    return next((found for schema, table in _splits(name) if (found := catalog.find(schema, table))), None)


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Each way to read a text as schema and name, the first dot first."""
    for place, character in enumerate(name):
        if character == ".":
            yield name[:place], name[place + 1 :]
