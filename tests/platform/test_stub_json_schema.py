"""What stands in for pg_jsonschema."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from platform_databases import one_row, one_value


class TestJsonSchema:
    """The keywords of check constraints are judged; another raises."""

    SCHEMA = json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "a person",
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
                "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150},
                "tags": {
                    "type": "array",
                    "items": {"enum": ["a", "b", 1]},
                    "uniqueItems": True,
                    "maxItems": 2,
                },
                "contact": {"oneOf": [{"type": "null"}, {"type": "string", "format": "email"}]},
                "even": {"multipleOf": 2, "not": {"const": 4}},
            },
        }
    )

    @pytest.mark.parametrize(
        "document",
        [
            {"name": "ada"},
            {"name": "ada", "age": 36, "tags": ["a", 1], "contact": None, "even": 2},
            {"name": "ada", "age": 36.0, "tags": [], "contact": "ada@example.com", "even": "text"},
        ],
    )
    def test_valid_documents(self, stubs: psycopg.Connection, document: dict[str, Any]) -> None:
        """json, jsonb and the list of errors agree."""
        assert one_row(
            stubs,
            "select json_matches_schema(%s::json, %s::json), jsonb_matches_schema(%s::json, %s::jsonb),"
            " jsonschema_validation_errors(%s::json, %s::json)",
            *(self.SCHEMA, json.dumps(document)) * 3,
        ) == (True, True, [])

    @pytest.mark.parametrize(
        ("document", "fault"),
        [
            ([], ': [] is not of type "object"'),
            ({}, ': "name" is a required property'),
            ({"name": "a"}, '/name: "a" is shorter than 2 characters'),
            ({"name": "abcdef"}, '/name: "abcdef" is longer than 5 characters'),
            ({"name": "A B"}, '/name: "A B" does not match "^[a-z]+$"'),
            ({"name": "ada", "age": 1.5}, '/age: 1.5 is not of type "integer"'),
            ({"name": "ada", "age": -1}, "/age: -1 is less than the minimum of 0"),
            ({"name": "ada", "age": 150}, "/age: 150 is not less than 150"),
            ({"name": "ada", "tags": ["c"]}, '/tags/0: "c" is not one of ["a", "b", 1]'),
            ({"name": "ada", "tags": ["a", "a"]}, '/tags: ["a", "a"] has an item twice'),
            ({"name": "ada", "tags": ["a", "b", 1]}, '/tags: ["a", "b", 1] has more than 2 items'),
            ({"name": "ada", "contact": 1}, "/contact: 1 is valid under 0 of the schemas of oneOf"),
            ({"name": "ada", "even": 3}, "/even: 3 is not a multiple of 2"),
            ({"name": "ada", "even": 4}, '/even: 4 is what "not" forbids'),
            ({"name": "ada", "more": 1}, "/more: nothing is allowed here"),
        ],
    )
    def test_faults_are_found(self, stubs: psycopg.Connection, document: object, fault: str) -> None:
        """Each with its place and its rule."""
        found = one_row(
            stubs,
            "select jsonschema_validation_errors(%s::json, %s::json),"
            " jsonb_matches_schema(%s::json, %s::jsonb)",
            *(self.SCHEMA, json.dumps(document)) * 2,
        )
        assert found == ([fault], False)

    def test_it_serves_as_a_check(self, stubs: psycopg.Connection) -> None:
        """As Supabase's documentation shows it, for an API role."""
        stubs.execute(
            "create table customer (id serial, metadata json, check (extensions.json_matches_schema("
            '\'{"type": "object", "properties": {"tags": {"type": "array",'
            ' "items": {"type": "string", "maxLength": 16}}}}\', metadata)));'
            "set local role authenticated;"
            'insert into customer (metadata) values (\'{"tags": ["vip"]}\')'
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            stubs.execute("insert into customer (metadata) values ('{\"tags\": [1]}')")

    @pytest.mark.parametrize("keyword", ["$ref", "if", "dependentRequired", "patternProperties"])
    def test_what_is_not_judged_raises(self, stubs: psycopg.Connection, keyword: str) -> None:
        """No document passes by a rule that was not read."""
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="does not judge"):
            stubs.execute("select json_matches_schema(%s::json, '{}')", (json.dumps({keyword: {}}),))

    @pytest.mark.parametrize(
        ("schema", "valid"),
        [
            ("{}", True),
            ("true", True),
            ('{"type": ["string", "null"]}', True),
            ("[]", False),
            ('{"type": "text"}', False),
            ('{"required": "name"}', False),
            ('{"minLength": -1}', False),
        ],
    )
    def test_schemas_are_judged_too(self, stubs: psycopg.Connection, schema: str, valid: bool) -> None:  # noqa: FBT001
        """A schema that is none is found by the migration's own check."""
        assert one_value(stubs, "select jsonschema_is_valid(%s::json)", schema) is valid
