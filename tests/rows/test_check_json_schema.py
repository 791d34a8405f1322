"""Tests of rows.check_json_schema and rows.check_json_values: what is written along a schema meets it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_comparisons import CannotTellError
from pytest_supaseed.rows.check_json_schema import meets_schema
from pytest_supaseed.rows.check_json_values import schema_value

COURSE = {
    "type": "object",
    "required": ["lessons", "chapters"],
    "properties": {
        "lessons": {"type": "number", "minimum": 1},
        "chapters": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "name", "kind"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "name": {"type": "string", "minLength": 12},
                    "kind": {"enum": ["text", "video"]},
                    "price": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 5},
                    "until": {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                    "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"},
                    "currency": {"type": "string", "minLength": 3, "maxLength": 3},
                },
            },
        },
    },
}
SCHEMAS: dict[str, Any] = {
    "course": COURSE,
    "between wholes": {"type": "number", "minimum": 0.25, "maximum": 0.5},
    "steps": {"type": "integer", "multipleOf": 5, "minimum": 3, "maximum": 12},
    "negative": {"type": "number", "maximum": -3},
    "all of": {"allOf": [{"type": "object", "required": ["a"]}, {"required": ["b"]}]},
    "any of": {"anyOf": [{"const": 3}, {"type": "string", "format": "uri"}]},
    "no type": {"minLength": 9},
    "different items": {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"type": "integer"}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_written_meets_its_schema(name: str) -> None:
    """Of 200 values along a schema, all meet it, and they are not all alike."""
    found = [schema_value(SCHEMAS[name], Draws(number)) for number in range(200)]

    assert all(meets_schema(SCHEMAS[name], value) for value in found)
    assert len({json.dumps(value) for value in found}) > 1 or name == "between wholes"


def test_optional_properties_are_in_most_values() -> None:
    """A property that may be missing is there in some values and missing in others."""
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}}}

    assert {len(schema_value(schema, Draws(number))) for number in range(40)} == {0, 1}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, 1.5),
        ({"type": "number"}, True),
        ({"type": ["string", "null"]}, 1),
        ({"required": ["a"]}, {}),
        ({"properties": {"a": {"type": "null"}}}, {"a": 1}),
        ({"items": {"minimum": 3}}, [3, 2]),
        ({"enum": [1, 2]}, True),
        ({"format": "uuid"}, "no uuid"),
        ({"oneOf": [{"type": "number"}, {"minimum": 1}]}, 2),
        ({"not": {"type": "string"}}, "a"),
        ({"additionalProperties": False, "properties": {"a": True}}, {"b": 1}),
        (False, 1),
    ],
)
def test_what_does_not_meet_a_schema_is_told(schema: Any, value: Any) -> None:
    """Each keyword refuses what it is there to refuse."""
    assert not meets_schema(schema, value)


def test_a_keyword_that_we_do_not_know_is_doubt() -> None:
    """A schema that we cannot judge is left to Postgres, never taken as met."""
    with pytest.raises(CannotTellError):
        meets_schema({"$ref": "#/$defs/x"}, 1)
    with pytest.raises(CannotTellError):
        schema_value({"type": "array", "minItems": 1, "items": False}, Draws(1))
