"""A catalog as JSON and back, so that a dataset can carry the catalog that it was made with.

The form is compact and made for ourselves: a dataclass is the list of its fields' values, and types, which
stand at many columns, are written once and referred to by number. The names of all fields go along, so that a
text that another release wrote with another model is refused and never misread.
"""

from __future__ import annotations

import json
from dataclasses import fields
from enum import Enum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from pytest_supaseed.catalog import model
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Callable

_Catalog = TypeVar("_Catalog", bound=model.Catalog)

_CLASSES: tuple[type, ...] = (
    model.Catalog,
    model.Table,
    model.Column,
    model.Numbering,
    model.Type,
    model.TypeField,
    model.Check,
    model.UniqueKey,
    model.ForeignKey,
    model.Exclusion,
    model.Trigger,
    model.Policy,
    model.Function,
)


def catalog_to_json(catalog: model.Catalog) -> str:
    """Return the whole catalog, OIDs included, as JSON."""
    writer = _Writer()
    content = writer.fields_of(catalog)
    return json.dumps(
        {"shape": _shape(), "types": writer.types, "catalog": content},
        separators=(",", ":"),
        ensure_ascii=False,
    )


def catalog_from_json(kind: type[_Catalog], text: str) -> _Catalog:
    """Return the catalog that `catalog_to_json` wrote.

    Raises:
        CatalogError: the text is no catalog, or was written with another model.
    """
    try:
        data = json.loads(text)
        shape, types, content = data["shape"], data["types"], data["catalog"]
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(f"it is no catalog ({type(error).__name__}: {error})") from error
    if shape != _shape():
        raise _unreadable("another release of this package wrote it")
    built: list[model.Type] = []
    for record in types:
        built.append(_build(model.Type, record, built))
    found: _Catalog = _build(kind, content, built)
    return found


def _unreadable(why: str) -> CatalogError:
    return CatalogError(
        f"A stored catalog cannot be read: {why}.", remedies=["let it be read from the database again"]
    )


@cache
def _shape() -> dict[str, list[str]]:
    return {kind.__name__: list(_field_names(kind)) for kind in _CLASSES}


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


class _Writer:
    """Turns values into what JSON holds; `types` gets each type after those that it is made of."""

    def __init__(self) -> None:
        self.types: list[list[object]] = []
        self._numbers: dict[int, int] = {}

    def fields_of(self, value: object) -> list[object]:
        kind: type = type(value)
        return [self._plain(getattr(value, name)) for name in _field_names(kind)]

    def _plain(self, value: object) -> object:
        if isinstance(value, Enum):
            return value.value
        if value is None or isinstance(value, (str, int)):
            return value
        if isinstance(value, tuple):
            return [self._plain(item) for item in value]
        if isinstance(value, model.Type):
            return self._number(value)
        return self.fields_of(value)

    def _number(self, value: model.Type) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            record = self.fields_of(value)
            number = self._numbers[id(value)] = len(self.types)
            self.types.append(record)
        return number


def _build(kind: type, record: list[Any], types: list[model.Type]) -> Any:
    return kind(*(read(value, types) for read, value in zip(_readers(kind), record, strict=True)))


@cache
def _readers(kind: type) -> tuple[Callable[[Any, list[model.Type]], Any], ...]:
    hints = get_type_hints(kind)
    return tuple(_reader(hints[name]) for name in _field_names(kind))


def _reader(hint: Any) -> Callable[[Any, list[model.Type]], Any]:
    """The function that turns a JSON value into a value of an annotated field."""
    if get_origin(hint) is tuple:
        return _tuple_reader(get_args(hint)[0])
    if isinstance(hint, UnionType):
        wanted = next(part for part in get_args(hint) if part is not type(None))
        return _optional_reader(wanted)
    if hint is model.Type:
        return lambda number, types: types[number]
    if hint in _CLASSES:
        return lambda record, types: _build(hint, record, types)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value, _: hint(value)
    return lambda value, _: value


def _tuple_reader(hint: Any) -> Callable[[Any, list[model.Type]], Any]:
    item = _reader(hint)
    return lambda values, types: tuple([item(value, types) for value in values])


def _optional_reader(hint: Any) -> Callable[[Any, list[model.Type]], Any]:
    inner = _reader(hint)
    return lambda value, types: None if value is None else inner(value, types)
