"""Finds the references to tables in a statement, and where they stand in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.query_masking import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp
    from sqlglot.errors import ParseError

    from pytest_supaseed.mapping.query_masking import MaskedQuery

KINDS = "select with insert update delete merge values table truncate copy"
"""First words of statements that hold references to tables and that we read whole."""

_FIRST = re.compile(r"[\s(;]*([^\W\d]\w*)?")
_LAST_WORD_TABLE = re.compile(r"(?i)(?<![\w$])table\Z")
_UPPER_ASCII = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_REMEDY = "write it with placeholders, which need no parsing: supaseed_db.execute('... {setups} ...')"


@dataclass(frozen=True)
class Name:
    """A name in the statement.

    Args:
        value: what it means: folded, or without its quotes.
        start: where it begins.
        end: where it ends.
        quoted: whether it stands in quotes.
    """

    value: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class TableReference:
    """A place where a table is meant.

    Args:
        name: the table's name.
        schema: the schema's, where it is written.
        may_have_alias: whether an alias can follow, and none does.
    """

    name: Name
    schema: Name | None
    may_have_alias: bool


@dataclass(frozen=True)
class ColumnReference:
    """A column that is written with table and schema."""

    schema: Name
    table: Name


def references_of(
    statement: str, masked: MaskedQuery
) -> tuple[tuple[TableReference, ...], tuple[ColumnReference, ...]]:
    """Return the references to tables, and the columns that are written with table and schema.

    Names of common table expressions, within their scope, functions, aliases and columns are none.

    Raises:
        MappingError: the statement is none of `KINDS`, cannot be read, or there are several.
    """
    if not masked.text.strip(" \t\r\n\f\v;"):
        return (), ()
    tree = _parse(statement, masked)
    reader = _Reader(statement, masked)
    return tuple(reader.tables(tree)), tuple(reader.columns(tree))


def _parse(statement: str, masked: MaskedQuery) -> exp.Expression:
    first = _FIRST.match(masked.text)
    word = (first[1] or "").lower() if first else ""
    if word not in KINDS.split():
        at = first.start(1) if first and first[1] else len(first[0]) if first else 0
        raise _unread(
            statement,
            at,
            f"It begins with {word or masked.text[at : at + 1]!r}, and what is translated begins with one of"
            f" {', '.join(KINDS.split())} or explain.",
        )
    from sqlglot import parse
    from sqlglot.errors import ParseError, SqlglotError

    try:
        found = [tree for tree in parse(masked.text, read="postgres") if tree is not None]
    except ParseError as error:
        raise _unread(statement, _offset(masked.text, error), _first_message(error)) from error
    except (SqlglotError, RecursionError) as error:
        raise _unread(statement, 0, str(error).split("\n", 1)[0]) from error
    return _single(statement, masked, found)


def _single(statement: str, masked: MaskedQuery, found: list[Any]) -> exp.Expression:
    from sqlglot import exp

    tree: exp.Expression = found[0]
    if len(found) > 1:
        second = re.compile(r";\s*").search(masked.text)
        raise MappingError(
            f"There are {len(found)} statements, the second one from"
            f" {place_of(statement, second.end() if second else 0)} on, and one is translated at a time.",
            remedies=["translate and execute one after the other"],
        )
    if tree.find(exp.Command):
        raise _unread(statement, 0, "The parser knows no such statement.")
    return tree


@dataclass(frozen=True)
class _Reader:
    """Reads the tree of one statement."""

    statement: str
    masked: MaskedQuery

    def tables(self, tree: exp.Expression) -> Iterator[TableReference]:
        """The references to tables; without recursion, as a chain of ORs nests as deep as it is long."""
        from sqlglot import exp

        waiting: list[tuple[exp.Expression, frozenset[str]]] = [(tree, frozenset())]
        while waiting:
            node, known = waiting.pop()
            if isinstance(node, exp.Lock | exp.Into | exp.Column | exp.Identifier | exp.DataType):
                continue
            if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
                reference = self._reference(node)
                if reference.schema is not None or _is_target(node) or reference.name.value not in known:
                    yield reference
            waiting += self._below(node, known)

    def _below(
        self, node: exp.Expression, known: frozenset[str]
    ) -> Iterator[tuple[exp.Expression, frozenset[str]]]:
        """The parts of a node, each with the names of the common table expressions that it can see."""
        from sqlglot import exp

        clauses = [part for part in node.iter_expressions() if isinstance(part, exp.With)]
        inner = known
        for clause in clauses:
            named = [(self._name(part.args["alias"].this).value, part) for part in clause.expressions]
            if clause.args.get("recursive"):
                inner |= {name for name, _ in named}
            for name, part in named:
                yield part, inner
                inner |= {name}
        yield from ((part, inner) for part in node.iter_expressions() if not isinstance(part, exp.With))

    def columns(self, tree: exp.Expression) -> Iterator[ColumnReference]:
        """The columns that are written with table and schema, `app.setups.title` and `app.setups.*`."""
        from sqlglot import exp

        for node in tree.find_all(exp.Column):
            if node.args.get("db") is not None:
                yield ColumnReference(self._name(node.args["db"]), self._name(node.args["table"]))

    def _reference(self, node: exp.Table) -> TableReference:
        from sqlglot import exp

        schema = node.args.get("db")
        parent = node.parent.parent if isinstance(node.parent, exp.Schema) else node.parent
        name = self._name(node.this)
        before = self._name(schema) if schema is not None else None
        alone = isinstance(parent, exp.TruncateTable | exp.Copy) or self._is_command((before or name).start)
        return TableReference(name, before, may_have_alias=not alone and not node.args.get("alias"))

    def _is_command(self, at: int) -> bool:
        """Whether it is `table setups`, short for `select * from setups`: the word TABLE stands before it."""
        while at and self.masked.text[at - 1].isspace():
            at -= 1
        return _LAST_WORD_TABLE.search(self.masked.text, max(at - 6, 0), at) is not None

    def _name(self, node: exp.Identifier) -> Name:
        start, last = node.meta.get("start"), node.meta.get("end")
        if start is None or last is None:
            raise _unread(self.statement, 0, f"The place of {node.name!r} is not known.")
        written = self.statement[start : last + 1]
        if start in self.masked.names:
            return Name(self.masked.names[start], start, last + 1, quoted=True)
        if written.startswith('"'):
            return Name(written[1:-1].replace('""', '"'), start, last + 1, quoted=True)
        return Name(written.translate(_UPPER_ASCII), start, last + 1, quoted=False)


def _is_target(node: exp.Table) -> bool:
    """Whether it is written to: there Postgres looks at tables only, whatever WITH says."""
    from sqlglot import exp

    above = node.parent
    owner, child = (above.parent, above) if isinstance(above, exp.Schema) else (above, node)
    return isinstance(owner, exp.Insert | exp.Update | exp.Delete | exp.Merge) and child.arg_key == "this"


def _offset(text: str, error: ParseError) -> int:
    """Where the part begins that the parser stumbled over."""
    found: dict[str, Any] = error.errors[0] if error.errors else {}
    if not found.get("line"):
        return 0
    begin = 0
    for _ in range(int(found["line"]) - 1):
        begin = text.index("\n", begin) + 1
    return max(begin, begin + int(found["col"]) - len(found.get("highlight") or ""))


def _first_message(error: ParseError) -> str:
    found = error.errors[0] if error.errors else {}
    message = str(found.get("description") or error).split("\n", 1)[0]
    if message.startswith("Required keyword"):
        return "Something is missing after it."
    return message.split(" but got <Token", 1)[0] + "."


def _unread(statement: str, at: int, why: str) -> MappingError:
    line = statement[statement.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    return MappingError(
        f"The statement cannot be read at {place_of(statement, at)}: {statement[at : at + 30]!r}. {why}",
        looked_at=[line.strip()[:200]],
        remedies=["correct it, if Postgres does not take it either", _REMEDY],
    )
