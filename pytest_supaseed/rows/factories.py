"""`TableFactory`: a factory_boy factory whose table is found when a row is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import factory
from factory.base import FactoryOptions, OptionDefault

from pytest_supaseed.rows.current import database_in_use
from pytest_supaseed.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping


class TableOptions(FactoryOptions):  # type: ignore[misc]  # factory_boy is untyped
    """`class Meta` of a TableFactory.

    Adds `table`, the logical or actual name; `part`, the part of the table's rows that it makes; and
    `lenient`, under which fields that the actual table lacks are left out (our own factories, which serve
    many schemas) where otherwise they are an error.
    """

    table: str | None
    part: str
    lenient: bool

    def _build_default_options(self) -> list[OptionDefault]:
        ours = [
            OptionDefault("table", None, inherit=True),
            OptionDefault("part", "", inherit=True),
            OptionDefault("lenient", value=False, inherit=True),
        ]
        return [*super()._build_default_options(), *ours]


class TableFactory(factory.Factory):  # type: ignore[misc]  # factory_boy is untyped
    """Base of factories that make rows of a table.

    ```python
    class SetupFactory(TableFactory):
        class Meta:
            table = "setups"

        title = factory.Sequence(lambda n: f"Setup {n}")
        created_by = Parent("users")
    ```

    `SetupFactory()` and `SetupFactory.create_batch(10)` in a test write to that test's database and return
    the rows as Postgres holds them; `SetupFactory.build()` makes a Row without a database.
    """

    _options_class = TableOptions

    class Meta:
        abstract = True
        model = Row

    @classmethod
    def _generate(cls, strategy: str, params: Mapping[str, object]) -> object:
        if strategy == factory.CREATE_STRATEGY and not cls._meta.abstract:
            return database_in_use(cls).create_from(cls, 1, params)[0]
        return super()._generate(strategy, params)

    @classmethod
    def create_batch(cls, size: int, **kwargs: object) -> list[Row]:
        """Make `size` rows in the running test's database, written together."""
        return database_in_use(cls).create_from(cls, size, kwargs)

    @classmethod
    def _build(cls, model_class: type, *args: object, **kwargs: object) -> object:
        del args
        return model_class(kwargs)


def table_of(factory_class: type) -> str:
    """The table that a factory class names, logical or actual."""
    found = cast("Any", factory_class)._meta.table  # noqa: SLF001  # factory_boy has no public name for it
    if not found:
        raise TypeError(f"{factory_class.__name__} has no class Meta: table = ...")
    return str(found)
