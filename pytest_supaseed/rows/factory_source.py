"""The plan's derivations as Python source: one `TableFactory` for each table, to start from."""

from __future__ import annotations

import json
import keyword
import re
import unicodedata
from itertools import chain, count
from textwrap import wrap
from typing import TYPE_CHECKING

from pytest_supaseed import factories
from pytest_supaseed.mapping.quoted_names import quoted_name, split_name
from pytest_supaseed.plan.seed_plan import AUTO
from pytest_supaseed.rows.columns import meta_of
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.factory_fields import TableFields
from pytest_supaseed.rows.registry import FACTORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan

WIDTH = 100
"""Characters of a comment line."""
_WORD = re.compile(r"[^\W_]+")
_IMPORTS = (
    (r"\bdate\(", "from datetime import date"),
    (r"\bDecimal\(", "from decimal import Decimal"),
    (r"\brandint\(", "from random import randint"),
)
_EXPORTS = ("Derived", "Parent", "TableFactory")
_HEAD = '''"""Factories of {count} tables, as pytest-supaseed derives them (`supaseed plan --factories`).

Change any field; what is left out, and has to be there, is still derived from the catalog. `Derived()` asks
for the derived value of a column that would otherwise be left to its default, or NULL.
"""
'''


def factory_source(plan: SeedPlan, catalog: Catalog) -> str:
    """Return a module with a `TableFactory` subclass for each planned table, parents first.

    Rows that they make hold every constraint: what a field cannot say plainly is left to the derivation.

    Args:
        plan: the plan.
        catalog: the catalog that it was made from.
    """
    planned: dict[int, list[TablePlan]] = {}
    for part in plan.tables:
        planned.setdefault(part.table.oid, []).append(part)
    bases = {oid: _base(parts) for oid, parts in planned.items()}
    ours = [oid for oid, base in bases.items() if base is not None and not _is_public(base)]
    left = [planned.pop(oid)[0].table.qualified for oid in ours]
    bases = {oid: bases[oid] for oid in planned}
    names = class_names(
        [parts[0].table for parts in planned.values()],
        taken={base.__name__ for base in bases.values() if base is not None},
    )
    classes = [
        "\n".join(_class_lines(names[oid], parts, bases[oid], TableFields(parts[0].table, plan, catalog)))
        for oid, parts in planned.items()
    ]
    return "\n\n\n".join([_head(len(planned), classes, bases.values()), *classes, *_rest(plan, left)]) + "\n"


def class_names(tables: Sequence[Table], *, taken: set[str]) -> dict[int, str]:
    """Return a class name for each table, by OID: valid, and each but once, as Python compares names.

    Args:
        tables: the tables; the schema's name comes before a name that is taken.
        taken: names that are imported.
    """
    used = {*taken, "factory", *_EXPORTS}
    found: dict[int, str] = {}
    for table in tables:
        name = _free(used, _camel(table.name), _camel(f"{table.schema} {table.name}"))
        used.add(name)
        found[table.oid] = name
    return found


def table_text(schema: str, name: str) -> str:
    """Return the table's name as `Meta.table` takes it: quoted only where it has to be."""
    plain = f"{schema}.{name}"
    return (
        plain
        if _PLAIN.fullmatch(plain) and split_name(plain) == (schema, name)
        else quoted_name(schema, name)
    )


_PLAIN = re.compile(r"\w+\.\w+")


def text_literal(text: str) -> str:
    """Return a Python string literal, in double quotes."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def comment(text: str, *, indent: str = "    ") -> str:
    """Return a comment of one line, whatever the text holds."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    shown = " ".join(shown.split())
    return f"{indent}# {shown if len(shown) <= WIDTH else shown[:WIDTH].rstrip() + ' ...'}"


def _free(used: set[str], *wanted: str) -> str:
    """The first name that is not taken; numbered, where all are."""
    numbered = (f"{wanted[-1]}{number}" for number in range(2, len(used) + 3))
    return next(f"{name}Factory" for name in (*wanted, *numbered) if f"{name}Factory" not in used)


def _camel(text: str) -> str:
    """The text as the beginning of a class name; normalised, as Python does with names."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    name = unicodedata.normalize("NFKC", "".join(word[:1].upper() + word[1:] for word in words))
    name = "".join(letter for letter in name if f"_{letter}".isidentifier())
    return name if name.isidentifier() else f"Table{name}"


def _base(parts: Sequence[TablePlan]) -> type[TableFactory] | None:
    """Our own factory that makes the last part which we make, as a row that a test asks for is made."""
    made = [part for part in parts if part.adopted_from is None]
    return FACTORIES.get(made[-1].factory) if made and made[-1].factory != AUTO else None


def _is_public(base: type[TableFactory]) -> bool:
    """Whether users can import a factory of ours."""
    return getattr(factories, base.__name__, None) is base


def _class_lines(
    name: str, parts: Sequence[TablePlan], base: type[TableFactory] | None, fields: TableFields
) -> Iterator[str]:
    table = parts[0].table
    names = (
        {} if base else field_names([column.name for column in table.columns if fields.field(column.name)[0]])
    )
    renamed = {field: column for column, field in names.items() if field != column}
    yield f"class {name}({base.__name__ if base else 'TableFactory'}):"
    yield "    class Meta:"
    yield f"        table = {text_literal(table_text(table.schema, table.name))}"
    if renamed:
        listed = [f"{text_literal(field)}: {text_literal(column)}" for field, column in renamed.items()]
        yield f"        columns = {{{', '.join(listed)}}}"
    yield ""
    if base is not None:
        known = [name for name in meta_of(base).base_declarations if name in table.by_name]
        yield comment("inherited, to be overridden by a field of the same name:")
        yield from (f"    # {line}" for line in wrap(", ".join(known), WIDTH))
        return
    for column in table.columns:
        code, said = fields.field(column.name)
        remark = f"  {comment(said, indent='')}" if said else ""
        yield f"    {names[column.name]} = {code}{remark}" if code else comment(f"{column.name}: {said}")


def field_names(columns: Sequence[str]) -> dict[str, str]:
    """Return the name of a column's field, by column: the column's own wherever factory_boy takes that.

    What is no name in Python, a parameter of another field (`a__b`), or a method of every factory (`create`)
    gets another one, for `Meta.columns`.
    """
    found = {column: column for column in columns if _is_field_name(column)}
    for column in columns:
        if column not in found:
            plain = re.sub(r"\W|_+", "_", column, flags=re.ASCII).strip("_") or "column"
            wanted = plain if _is_field_name(plain) else f"{plain}_"
            wanted = wanted if _is_field_name(wanted) else f"column_{plain}"
            taken = {*columns, *found.values()}
            numbered = (f"{wanted.rstrip('_')}_{number}" for number in count(2))
            found[column] = next(name for name in chain([wanted], numbered) if name not in taken)
    return found


def _is_field_name(name: str) -> bool:
    """Whether a factory can have a field of that name."""
    plain = name.isidentifier() and not keyword.iskeyword(name) and "__" not in name
    stays = unicodedata.normalize("NFKC", name) == name
    return plain and stays and not hasattr(TableFactory, name) and name not in {"Meta", "Params"}


def _head(tables: int, classes: Sequence[str], bases: Iterable[type[TableFactory] | None]) -> str:
    text = "\n".join(classes)
    standard = [line for pattern, line in _IMPORTS if re.search(pattern, text)]
    ours = [name for name in _EXPORTS if re.search(rf"\b{name}\b", text)]
    homes: dict[str, set[str]] = {"pytest_supaseed": set(ours)} if ours else {}
    inherited = {base.__name__ for base in bases if base is not None}
    if inherited:
        homes[factories.__name__] = inherited
    own = [f"from {home} import {', '.join(sorted(homes[home]))}" for home in sorted(homes)]
    groups = [standard, ["import factory"] if "factory." in text else [], own]
    return _HEAD.format(count=tables) + "\n" + "\n\n".join("\n".join(group) for group in groups if group)


def _rest(plan: SeedPlan, left: Iterable[str]) -> list[str]:
    """What has no factory here, as comments: what goes with other rows, and what the plan leaves alone."""
    lines = [comment(f"made by us, along with others: {table}", indent="") for table in left]
    lines += [
        comment(f"not planned: {one.table.qualified}: {one.reason}", indent="") for one in plan.unplanned
    ]
    return ["\n".join(lines)] if lines else []
