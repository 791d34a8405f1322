"""CHECK text, as `pg_get_expr` prints it, into our tree. sqlglot reads it; this maps what it found.

sqlglot is imported when the first check is parsed: it takes 370 ms on a slow machine.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_constants import JSON_TYPES, typed
from pytest_supaseed.rows.check_expressions import (
    FALSE,
    NULL,
    TRUE,
    And,
    ArrayOf,
    Call,
    Case,
    Cast,
    Column,
    Compare,
    Constant,
    Expression,
    Match,
    Not,
    NullTest,
    Or,
    Quantified,
    RowOf,
    TruthTest,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NEGATED_MATCHES = {"!~": "~", "!~*": "~*", "!~~": "~~", "!~~*": "~~*"}
EXTENSION_FUNCTIONS = frozenset({"json_matches_schema", "jsonb_matches_schema"})
"""Functions of extensions that we know, in whatever schema these are."""
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_OPERATOR = re.compile(r"OPERATOR\(\s*(?:[\w$]+|\"[^\"]+\")\s*\.\s*([^\s()]+?)\s*\)")
_LITERAL = re.compile(r"('(?:[^']|'')*')")


@cache
def parse_check(text: str) -> Expression:
    """Parse the text of a CHECK constraint, an index predicate or a generation expression.

    Args:
        text: what `pg_get_expr` prints; in a domain's check the value is `VALUE`.

    Returns:
        The expression. What is not understood in it is `Unknown`, all of it where the text cannot be read.
    """
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    try:
        tree = parse_one(_plain_operators(text), dialect="postgres")
    except (SqlglotError, RecursionError):
        return Unknown(text, tuple(sorted(set(re.findall(r"\w+", _LITERAL.sub("", text))))))
    return _convert(tree)


def _plain_operators(text: str) -> str:
    """`a OPERATOR(pg_catalog.=) b` as `a = b`, outside string literals."""
    if "OPERATOR(" not in text:
        return text
    pieces = _LITERAL.split(text)
    return "".join(
        piece if number % 2 else _OPERATOR.sub(r"\1", piece) for number, piece in enumerate(pieces)
    )


def _convert(node: Any) -> Expression:
    kind = type(node).__name__
    if kind in {"Paren", "Collate"}:
        return _convert(node.this)
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(node)
    if kind in _BINARY:
        return operation(_BINARY[kind], _convert(node.this), _convert(node.expression))
    if kind in _FUNCTIONS:
        return _function(node)
    return _unknown(node)


def operation(operator: str, left: Expression, right: Expression) -> Expression:
    """The node of a binary operator."""
    if isinstance(right, Quantified):
        return Quantified(operator, left, right.right, right.every)
    if operator in COMPARISONS:
        return Compare(operator, left, right)
    if operator in NEGATED_MATCHES:
        return Not(Match(NEGATED_MATCHES[operator], left, right))
    if operator in NEGATED_MATCHES.values():
        return Match(operator, left, right)
    return _call(operator, (left, right))


def _call(name: str, arguments: tuple[Expression, ...]) -> Expression:
    """A call, with constants folded that a number's sign and a cast make."""
    if name == "-" and len(arguments) == 1 and isinstance(arguments[0], Constant):
        value: Any = arguments[0].value
        return Constant(-value, arguments[0].type) if value is not None else NULL
    return Call(name, arguments)


def _arguments(node: Any) -> tuple[Expression, ...]:
    """What a function is called with, in the order in which sqlglot keeps it."""
    nodes = [item for key in _ARGUMENTS if hasattr(item := node.args.get(key), "sql")]
    return tuple(_convert(item) for item in [*nodes, *(node.args.get("expressions") or [])])


def _function(node: Any) -> Expression:
    """A call of a function that we know, unless it has an argument that we would lose."""
    kept = {*_ARGUMENTS, "expressions"}
    if any(hasattr(value, "sql") for key, value in node.args.items() if key not in kept):
        return _unknown(node)
    return _call(_FUNCTIONS[type(node).__name__], _arguments(node))


def _unknown(node: Any) -> Expression:
    from sqlglot import exp

    names = {column.name for column in node.find_all(exp.Column)}
    return Unknown(node.sql("postgres"), tuple(sorted(names)))


def _column(node: Any) -> Expression:
    if type(node.this).__name__ == "Star":
        return _unknown(node)
    if node.args.get("db") is not None:
        return _unknown(node)
    return Column(node.this.name)


def _literal(node: Any) -> Expression:
    text = node.this
    if node.is_string:
        return Constant(text, "text")
    return Constant(int(text)) if text.isdigit() else Constant(typed(text, "numeric"), "numeric")


def _both(node: Any) -> list[Expression]:
    """The parts of a chain of ANDs or ORs, flattened; sqlglot nests them to the left."""
    kind, parts, open_nodes = type(node), list[Expression](), [node]
    while open_nodes:
        found = open_nodes.pop()
        while type(found).__name__ == "Paren":
            found = found.this
        if isinstance(found, kind):
            open_nodes += [found.expression, found.this]
        else:
            parts.append(_convert(found))
    return parts


def _matched(operator: str) -> Callable[[Any], Expression]:
    def convert(node: Any) -> Expression:
        if node.args.get("flag") is not None or node.args.get("escape") is not None:
            return _unknown(node)
        found = operation(operator, _convert(node.this), _convert(node.expression))
        return _denied(found) if node.args.get("negate") else found

    return convert


def _not(node: Any) -> Expression:
    """NOT; sqlglot reads `a !~ ALL (...)` as NOT over a match, where a real NOT has parentheses."""
    part = _convert(node.this)
    return _denied(part) if type(node.this).__name__.startswith("Regexp") else Not(part)


def _denied(match: Expression) -> Expression:
    """`a !~ b`, and for `ANY` and `ALL` the same with each element: not the opposite of the whole."""
    if isinstance(match, Quantified):
        return Quantified("!" + match.operator, match.left, match.right, match.every)
    return Not(match)


def _distinct(node: Any) -> Expression:
    return Compare("is distinct from", _convert(node.this), _convert(node.expression))


def _is(node: Any) -> Expression:
    what, part = type(node.expression).__name__, _convert(node.this)
    negated = bool(node.args.get("negate"))
    if what == "Null":
        return NullTest(part, null=not negated)
    if what == "Boolean":
        test = TruthTest(part, value=bool(node.expression.this))
        return Not(test) if negated else test
    return _unknown(node)


def _quantified(*, every: bool) -> Callable[[Any], Expression]:
    def convert(node: Any) -> Expression:
        return Quantified("", NULL, _convert(node.this), every)

    return convert


def _between(node: Any) -> Expression:
    value = _convert(node.this)
    low, high = _convert(node.args["low"]), _convert(node.args["high"])
    return And((Compare(">=", value, low), Compare("<=", value, high)))


def _in(node: Any) -> Expression:
    items = node.args.get("expressions")
    if not items:
        return _unknown(node)
    return Quantified("=", _convert(node.this), ArrayOf(tuple(map(_convert, items))), every=False)


def type_name(node: Any) -> str:
    """The lower-case name of a sqlglot type, as Postgres's catalog calls it where they differ."""
    text = str(node.sql("postgres")).lower()
    base, _paren, _rest = text.partition("(")
    name = _TYPE_NAMES.get(base.removesuffix("[]"), base.removesuffix("[]"))
    return name + text[len(base.removesuffix("[]")) :]


def _cast(node: Any) -> Expression:
    target, part = type_name(node.args["to"]), _convert(node.this)
    if not isinstance(part, Constant) or (part.value is None and target not in JSON_TYPES):
        return Cast(part, target)
    if isinstance(part.value, str) and part.type == "text":
        try:
            return Constant(typed(part.value, target), target)
        except (ValueError, ArithmeticError):
            return _unknown(node)
    return Cast(part, target)


def _case(node: Any) -> Expression:
    subject = _convert(node.this) if node.this is not None else None
    branches = []
    for branch in node.args["ifs"]:
        condition = _convert(branch.this)
        if subject is not None:
            condition = Compare("=", subject, condition)
        branches.append((condition, _convert(branch.args["true"])))
    default = node.args.get("default")
    return Case(tuple(branches), NULL if default is None else _convert(default))


def _anonymous(node: Any) -> Expression:
    name, items = str(node.this).lower(), tuple(_convert(item) for item in node.expressions)
    if name == "row":
        return RowOf(items)
    if name in {"all", "any"} and len(items) == 1:
        return Quantified("", NULL, items[0], name == "all")
    if name == "similar_to_escape" or len(items) != len(node.expressions):
        return _unknown(node) if len(items) != 1 else Call(name, items)
    if len(items) == 1 and isinstance(items[0], ArrayOf) and name in {"num_nonnulls", "num_nulls"}:
        return Call(name, items[0].items)
    return Call(name, items)


def _dot(node: Any) -> Expression:
    """A qualified call: those of pg_catalog and some of extensions are known, the schema's own are not."""
    owner = node.this.name if hasattr(node.this, "name") else ""
    inner = _convert(node.expression)
    known = isinstance(inner, Call) and (owner == "pg_catalog" or inner.name in EXTENSION_FUNCTIONS)
    return inner if known else _unknown(node)


def _extract(node: Any) -> Expression:
    field = node.this
    name = field.this.this if type(field).__name__ == "Cast" else field.name
    return Call("extract", (Constant(str(name).lower(), "text"), _convert(node.expression)))


def _date_trunc(node: Any) -> Expression:
    unit = node.args.get("unit")
    found = unit.this.this if type(unit).__name__ == "Cast" else unit.name
    if node.args.get("zone") is not None:
        return _unknown(node)
    return Call("date_trunc", (Constant(str(found).lower(), "text"), _convert(node.this)))


def _trim(node: Any) -> Expression:
    names = {"LEADING": "ltrim", "TRAILING": "rtrim"}
    arguments = [node.this, *([node.expression] if node.expression is not None else [])]
    position = str(node.args.get("position") or "BOTH")
    return Call(names.get(position, "btrim"), tuple(map(_convert, arguments)))


def _position(node: Any) -> Expression:
    """`position(text, part)` prints its arguments in that order, `strpos` too; sqlglot swaps the former."""
    subject, part = _convert(node.this), _convert(node.args["substr"])
    if isinstance(subject, Constant) and not isinstance(part, Constant):
        subject, part = part, subject
    return Call("strpos", (subject, part))


def _bracket(node: Any) -> Expression:
    keys = node.expressions
    if len(keys) != 1 or not (type(keys[0]).__name__ == "Literal" and not keys[0].is_string):
        return _unknown(node)
    return Call("element", (_convert(node.this), Constant(int(keys[0].this) + 1)))


def _json_path(node: Any) -> Expression:
    """The number or word behind `->`, where sqlglot makes a path of it."""
    steps = node.expressions[1:]
    if len(steps) != 1:
        return _unknown(node)
    value = steps[0].this
    return Constant(value, "" if isinstance(value, int) else "text")


def _variadic(node: Any) -> Expression:
    return _convert(node.this)


def _now(name: str) -> Callable[[Any], Expression]:
    clock = Call("now", ())
    return lambda _node: Cast(clock, name) if name else clock


_SPECIAL: dict[str, Callable[[Any], Expression]] = {
    "Column": _column,
    "Identifier": lambda node: Column(node.name),
    "Literal": _literal,
    "ByteString": lambda node: Constant(node.this, "text"),
    "RawString": lambda node: Constant(node.this, "text"),
    "Boolean": lambda node: TRUE if node.this else FALSE,
    "Null": lambda _node: NULL,
    "And": lambda node: And(tuple(_both(node))),
    "Or": lambda node: Or(tuple(_both(node))),
    "Not": _not,
    "Neg": lambda node: _call("-", (_convert(node.this),)),
    "Is": _is,
    "NullSafeNEQ": _distinct,
    "NullSafeEQ": lambda node: Not(_distinct(node)),
    "Any": _quantified(every=False),
    "All": _quantified(every=True),
    "Between": _between,
    "In": _in,
    "Like": _matched("~~"),
    "ILike": _matched("~~*"),
    "RegexpLike": _matched("~"),
    "RegexpILike": _matched("~*"),
    "Cast": _cast,
    "Case": _case,
    "Array": lambda node: ArrayOf(tuple(_convert(item) for item in node.expressions)),
    "Tuple": lambda node: RowOf(tuple(_convert(item) for item in node.expressions)),
    "Anonymous": _anonymous,
    "Dot": _dot,
    "Extract": _extract,
    "TimestampTrunc": _date_trunc,
    "DateTrunc": _date_trunc,
    "Trim": _trim,
    "StrPosition": _position,
    "Bracket": _bracket,
    "JSONPath": _json_path,
    "Variadic": _variadic,
    "CurrentTimestamp": _now(""),
    "CurrentDate": _now("date"),
    "CurrentTime": _now("timetz"),
    "Localtimestamp": _now("timestamp"),
    "Localtime": _now("time"),
}
_ARGUMENTS = ("this", "expression", "start", "length", "substr", "zone", "decimals", "position")
"""Under which names sqlglot keeps a function's arguments, in their order."""
_BINARY = {
    "EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=",
    "Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "Mod": "%", "Pow": "^", "DPipe": "||",
    "JSONExtract": "->", "JSONExtractScalar": "->>", "JSONBExtract": "#>", "JSONBExtractScalar": "#>>",
    "JSONBContainsTopKey": "?", "JSONBContainsAllTopKeys": "?&", "JSONBContainsAnyTopKeys": "?|",
    "JSONBContains": "?", "ArrayContainsAll": "@>", "ArrayContainedBy": "<@", "ArrayOverlaps": "&&",
}  # fmt: skip
_FUNCTIONS = {
    "Lower": "lower", "Upper": "upper", "Length": "length", "Coalesce": "coalesce", "Nullif": "nullif",
    "Greatest": "greatest", "Least": "least", "Abs": "abs", "ArraySize": "array_length", "Left": "left",
    "Right": "right", "Substring": "substring", "StartsWith": "starts_with", "Round": "round",
    "Floor": "floor", "Ceil": "ceil", "Concat": "concat", "Sign": "sign", "Sqrt": "sqrt",
    "AtTimeZone": "timezone", "JSONArrayLength": "jsonb_array_length", "Reverse": "reverse",
    "ArrayLength": "array_length", "Initcap": "initcap", "ArrayPosition": "array_position",
}  # fmt: skip
_TYPE_NAMES = {
    "int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8", "decimal": "numeric",
    "real": "float4", "float": "float8", "double precision": "float8", "boolean": "bool",
    "character varying": "varchar", "character": "bpchar", "char": "bpchar", "varbinary": "bytea",
}  # fmt: skip
