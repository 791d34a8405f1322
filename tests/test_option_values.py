"""How values of options are read: what is allowed comes through exactly, all else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_supaseed.option_values import (
    COUNT,
    COUNTS,
    EXTENSIONS,
    NAMES,
    NESTED_NAMES,
    PATH,
    SCHEMA,
    STORAGE,
    SWITCH,
    TEXT,
    ValueKind,
)

FROM_TEXT = [
    (COUNT, "0", 0),
    (COUNT, "50", 50),
    (COUNT, " 7 ", 7),
    (COUNTS, "setups=200, teams = 5", {"setups": 200, "teams": 5}),
    (COUNTS, "public.setups=0", {"public.setups": 0}),
    (COUNTS, "", {}),
    (TEXT, "a b", "a b"),
    (SWITCH, "true", True),
    (SWITCH, "YES", True),
    (SWITCH, "1", True),
    (SWITCH, "off", False),
    (PATH, "some/folder", Path("some/folder")),
    (STORAGE, "memory", "memory"),
    (SCHEMA, "db/*.sql,app.models:create", ("db/*.sql", "app.models:create")),
    (SCHEMA, "", ()),
    (EXTENSIONS, "pg_cron=skip,vector=stub", {"pg_cron": "skip", "vector": "stub"}),
    (NAMES, "memos=public.notes", {"memos": "public.notes"}),
    (
        NESTED_NAMES,
        "memos.text=body,public.notes.by=author,memos.at=made",
        {"memos": {"text": "body", "at": "made"}, "public.notes": {"by": "author"}},
    ),
]
FROM_TOML = [
    (COUNT, 0, 0),
    (COUNTS, {"setups": 200}, {"setups": 200}),
    (TEXT, "x", "x"),
    (TEXT, 42, "42"),
    (SWITCH, True, True),
    (PATH, "~/cache", Path("~/cache").expanduser()),
    (STORAGE, "disk", "disk"),
    (SCHEMA, "db", ("db",)),
    (SCHEMA, ["db", "more/*.sql"], ("db", "more/*.sql")),
    (EXTENSIONS, {"postgis": "error"}, {"postgis": "error"}),
    (NAMES, {"memos": "public.notes"}, {"memos": "public.notes"}),
    (NESTED_NAMES, {"memos": {"text": "body"}}, {"memos": {"text": "body"}}),
]
WRONG_TEXT = [
    (COUNT, "-1", ""),
    (COUNT, "abc", ""),
    (COUNT, "", ""),
    (COUNT, "1.5", ""),
    (COUNT, "1_000", ""),
    (COUNT, "\u0663", ""),
    (COUNTS, "setups", "'setups' is no name=value"),
    (COUNTS, "=3", "'=3' is no name=value"),
    (COUNTS, "setups=-3", "setups is '-3'"),
    (COUNTS, "setups=1,setups=2", "setups stands twice"),
    (TEXT, "  ", ""),
    (SWITCH, "maybe", ""),
    (SWITCH, "", ""),
    (PATH, "", ""),
    (STORAGE, "tape", ""),
    (EXTENSIONS, "pg_cron=remove", "pg_cron is 'remove'"),
    (NAMES, "memos=", "memos is ''"),
    (NESTED_NAMES, "text=body", "'text' is no table.column"),
    (NESTED_NAMES, "memos.=body", "'memos.' is no table.column"),
]
WRONG_TOML = [
    (COUNT, "5", ""),
    (COUNT, -1, ""),
    (COUNT, 1.5, ""),
    (COUNT, True, ""),
    (COUNT, [], ""),
    (COUNTS, 5, ""),
    (COUNTS, {"setups": "5"}, "setups is '5'"),
    (COUNTS, {"public": {"setups": 5}}, 'a name with a dot is quoted in TOML: "public.setups"'),
    (TEXT, True, ""),
    (TEXT, 1.5, ""),
    (TEXT, "", ""),
    (SWITCH, "true", ""),
    (SWITCH, 1, ""),
    (PATH, 3, ""),
    (STORAGE, ["disk"], ""),
    (SCHEMA, {"a": "b"}, ""),
    (SCHEMA, [1.5], ""),
    (EXTENSIONS, {"pg_cron": "remove"}, "pg_cron is 'remove'"),
    (NAMES, {"memos": 1.5}, "memos is 1.5"),
    (NESTED_NAMES, {"memos": "body"}, "memos is 'body'"),
    (NESTED_NAMES, {"memos": {"text": ""}}, "text is ''"),
]


@pytest.mark.parametrize(("kind", "text", "value"), FROM_TEXT)
def test_text_is_read_as_the_value_it_means(kind: ValueKind, text: str, value: object) -> None:
    """A flag or a variable gives the value that its text means, spaces around names and numbers aside."""
    assert kind.from_text(text) == value


@pytest.mark.parametrize(("kind", "given", "value"), FROM_TOML)
def test_toml_is_read_as_the_value_it_means(kind: ValueKind, given: object, value: object) -> None:
    """The file gives the same values, in TOML's own types."""
    assert kind.from_toml(given) == value


@pytest.mark.parametrize(("kind", "text", "why"), WRONG_TEXT)
def test_text_that_means_nothing_is_refused(kind: ValueKind, text: str, why: str) -> None:
    """Nothing is guessed; of a list, the part that is wrong is named."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # its text is compared below
        kind.from_text(text)
    assert str(caught.value) == why


@pytest.mark.parametrize(("kind", "given", "why"), WRONG_TOML)
def test_toml_of_another_type_is_refused(kind: ValueKind, given: object, why: str) -> None:
    """A text is no number in the file, nor a number a switch; of a table, the wrong entry is named."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # its text is compared below
        kind.from_toml(given)
    assert str(caught.value).endswith(why)


@pytest.mark.parametrize("kind", [COUNTS, EXTENSIONS, NAMES, NESTED_NAMES])
def test_tables_cannot_be_changed(kind: ValueKind) -> None:
    """What options hold stays as it was read."""
    found: dict[str, object] = kind.from_text("")  # type: ignore[assignment]  # the point is that it is none
    with pytest.raises(TypeError):
        found["x"] = 1
