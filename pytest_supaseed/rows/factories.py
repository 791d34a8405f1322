"""`TableFactory`: a factory_boy factory whose table is found when a row is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import factory
from factory.base import FactoryOptions, OptionDefault
from factory.declarations import Iterator

from pytest_supaseed.errors import UsageError
from pytest_supaseed.rows.columns import CountedIterator, is_columnar
from pytest_supaseed.rows.current import database_in_use, databases_in_use
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.row_steps import current_call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HOOKS = ("_create", "_adjust_kwargs", "_after_postgeneration")
"""What factory_boy calls for each row: where a factory has one of its own, its rows are made one by one."""
_ENDING = "Factory"


class TableOptions(FactoryOptions):  # type: ignore[misc]  # factory_boy is untyped
    """`class Meta` of a TableFactory.

    Adds to factory_boy's own: `table`, the logical or actual name; `database`, the name of the database in
    use that rows go to; `unique_by`, the fields by which a row that is there is returned in place of a new
    one; `columns`, actual columns by the fields that fill them; `part`, the part of the table's rows that it
    makes; `planned`, whether the plan uses it; and `lenient`, under which fields that the actual table lacks
    are left out (our own factories, which serve many schemas) where otherwise they are an error.
    """

    table: str | None
    database: str | None
    unique_by: tuple[str, ...]
    columns: Mapping[str, str]
    part: str
    planned: bool
    lenient: bool

    def _build_default_options(self) -> list[OptionDefault]:
        ours = [
            OptionDefault("table", None, inherit=True, checker=_check_name("table")),
            OptionDefault("database", None, inherit=True, checker=_check_name("database")),
            OptionDefault("unique_by", (), inherit=True, checker=_check_names),
            OptionDefault("columns", {}, inherit=True, checker=_check_columns),
            OptionDefault("part", "", inherit=True),
            OptionDefault("planned", value=True, inherit=True),
            OptionDefault("lenient", value=False, inherit=True),
        ]
        return [*super()._build_default_options(), *ours]

    def contribute_to_class(self, factory: Any, meta: Any = None, **others: Any) -> None:
        """Take the options of a class, as factory_boy says; each table's rows have a class of their own."""
        super().contribute_to_class(factory, meta=meta, **others)
        if not issubclass(self.model, Row):
            raise TypeError(
                f"{factory.__name__}.Meta.model is {self.model!r}; the model of a TableFactory is a Row"
                " or a subclass of it, and may be left out"
            )
        for name, declared in self.pre_declarations.declarations.items():
            if type(declared) is Iterator:
                self.pre_declarations.declarations[name] = CountedIterator(declared)

    def get_model_class(self) -> type[Row]:
        """The class of the rows: named for the factory, since plugins name fixtures by it."""
        model: type[Row] = self.model
        base = None if self.base_factory is None else self.base_factory._meta  # noqa: SLF001  # its only name
        inherited = base is not None and model is base.model
        name = self.factory.__name__.removesuffix(_ENDING)
        if not inherited or self.table in {None, getattr(base, "table", None)} or not name:
            return model
        return type(name, (model,), {"__slots__": (), "__module__": self.factory.__module__})

    def _get_counter_reference(self) -> Any:
        base = None if self.base_factory is None else self.base_factory._meta  # noqa: SLF001  # its only name
        same = self.table is not None and getattr(base, "table", None) == self.table
        return base.counter_reference if same and base is not None else self

    def next_sequence(self) -> int:
        """The next number: of the test's database while a row is made there, else of the process."""
        call = current_call.get()
        if call is None:
            return int(super().next_sequence())
        return call.database.next_sequence(self.factory)

    def reset_sequence(self, value: int | None = None, force: bool = False) -> None:  # noqa: FBT001, FBT002  # its signature
        """Begin the sequence anew, also in the databases that are in use."""
        super().reset_sequence(value, force=force)
        counter = self if force else self.counter_reference
        first = counter.factory._setup_next_sequence() if value is None else value  # noqa: SLF001  # its only name
        for database in databases_in_use():
            database.reset_sequence(self.counter_reference, first)


class TableFactory(factory.Factory):  # type: ignore[misc]  # factory_boy is untyped
    """Base of factories that make rows of a table.

    ```python
    class SetupFactory(TableFactory):
        class Meta:
            table = "setups"

        title = factory.Sequence(lambda n: f"Setup {n}")
        user = Parent("users")
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
            return cls._made(1, params)[0]
        return super()._generate(strategy, dict(params))

    @classmethod
    def create_batch(cls, size: int, **kwargs: object) -> list[Row]:
        """Make `size` rows in the running test's database, written together where none needs factory_boy."""
        return cls._made(size, kwargs)

    @classmethod
    def _made(cls, size: int, params: Mapping[str, object]) -> list[Any]:
        database = database_in_use(cls)
        table_of(cls)
        if "__sequence" not in params and not cls._has_own_hooks() and is_columnar(cls, params):
            return list(database.create_from(cls, size, params))
        return [cls._made_row_by_row(params) for _ in range(size)]

    @classmethod
    def _made_row_by_row(cls, params: Mapping[str, object]) -> Any:
        """Make a row as factory_boy does: declarations, `_create`, hooks."""
        database = database_in_use(cls)
        with database.row_call(cls):
            try:
                row = super()._generate(factory.CREATE_STRATEGY, database.as_declared(cls, params))
            except Exception as error:
                error.add_note(
                    f"raised by {cls.__module__}:{cls.__name__}, in a test's row of {cls._meta.table}"
                )
                raise
            hooked = isinstance(row, Row) and list(cls._meta.post_declarations)
            return database.reread(cls, cast("Row", row)) if hooked else row

    @classmethod
    def _has_own_hooks(cls) -> bool:
        return any(_function(cls, name) is not _function(TableFactory, name) for name in _HOOKS)

    @classmethod
    def _create(cls, model_class: type, *args: object, **kwargs: object) -> object:
        del model_class
        return database_in_use(cls).create_evaluated(cls, cls._with_inline(args, kwargs))

    @classmethod
    def _build(cls, model_class: type, *args: object, **kwargs: object) -> object:
        return model_class(cls._with_inline(args, kwargs))

    @classmethod
    def _with_inline(cls, args: Iterable[object], kwargs: Mapping[str, object]) -> dict[str, object]:
        return {**dict(zip(cls._meta.inline_args, args, strict=True)), **kwargs}


def _function(owner: type, name: str) -> object:
    found = getattr(owner, name)
    return getattr(found, "__func__", found)


def _check_name(option: str) -> Any:
    def check(meta: object, value: object) -> None:
        del meta
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise TypeError(f"class Meta: {option} = {value!r}: it is a name")

    return check


def _check_names(meta: object, value: object) -> None:
    del meta
    if isinstance(value, str) or not all(isinstance(name, str) for name in cast("Iterable[object]", value)):
        raise TypeError(f"class Meta: unique_by = {value!r}: it is a tuple of fields, such as ('email',)")


def _check_columns(meta: object, value: object) -> None:
    del meta
    fits = isinstance(value, dict) and all(isinstance(name, str) for pair in value.items() for name in pair)
    if not fits:
        raise TypeError(
            f'class Meta: columns = {value!r}: it is columns by field, such as {{"mail": "email"}}'
        )


def table_of(factory_class: type) -> str:
    """The table that a factory class names, logical or actual.

    Raises:
        UsageError: it names none.
    """
    found = cast("Any", factory_class)._meta.table  # noqa: SLF001  # factory_boy has no public name for it
    if not found:
        raise UsageError(
            f"{factory_class.__name__} names no table.",
            remedies=[
                'say which one: class Meta: table = "setups"',
                "a base of other factories is abstract: class Meta: abstract = True",
            ],
        )
    return str(found)
