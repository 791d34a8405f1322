"""What the `schema` of a `supa-seed.config.json` says of tables and columns, in logical names of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError
from pytest_supaseed.name_map import NameMap, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.original.section import Section

_USER_TABLES = ("accounts", "profiles", "users")
"""Names that stand for themselves: the original's user table besides `auth.users` goes by one of them."""

_USER_FIELDS = {
    "emailField": ("email",),
    "idField": ("id",),
    "nameField": ("name", "display_name"),
    "bioField": ("bio",),
    "pictureField": ("avatar_url", "picture_url"),
    "usernameField": ("username",),
}
_SETUP_FIELDS = {
    "userField": ("user_id",),
    "titleField": ("title", "name"),
    "descriptionField": ("description",),
    "categoryField": ("category",),
    "publicField": ("is_public",),
}
_TEMPLATE_FIELDS = {
    "nameField": ("name", "title"),
    "descriptionField": ("description",),
    "typeField": ("type",),
    "makeField": ("make",),
    "modelField": ("model",),
    "yearField": ("year",),
}


def names_of_schema(schema: Section, *, framework: str | None) -> NameMap:
    """Return tables and columns that the `schema` of the file names otherwise than we do.

    Args:
        schema: the section.
        framework: what it says the schema is, if that is one of ours.

    Raises:
        UsageError: a value is of the wrong kind, or a table is named twice.
    """
    pairs: list[tuple[str, str]] = []
    nested: list[tuple[str, str, str]] = []
    for logical, actual, section, fields in _tables(schema, framework):
        if actual != logical.removeprefix("public."):
            pairs.append((logical, actual))
        nested += _columns(logical, section, fields)
    return names_of(pairs, nested).given_by(f"schema in {schema.path}")


def _tables(
    schema: Section, framework: str | None
) -> Iterator[tuple[str, str, Section, dict[str, tuple[str, ...]]]]:
    user = schema.section_or_name("userTable")
    primary = schema.text("primaryUserTable")
    actual = user.text("name") or primary
    if actual or user:
        usual = "accounts" if framework == "makerkit" else "profiles"
        named = actual or usual
        logical = named if named in _USER_TABLES else usual
        yield ("public.users" if logical == "users" else logical), named, user, _USER_FIELDS
    setup = _setup_table(schema)
    if setup:
        yield "setups", setup.text("name") or "setups", setup, _SETUP_FIELDS
    template = schema.section_or_name("baseTemplateTable")
    if template:
        yield "setup_types", template.text("name") or "setup_types", template, _TEMPLATE_FIELDS


def _setup_table(schema: Section) -> Section:
    """`setupTable`, or as the original's types called it, `setupsTable`."""
    found, other = schema.section_or_name("setupTable"), schema.section_or_name("setupsTable")
    if found and other and found.values != other.values:
        raise UsageError(
            f"schema.setupTable and schema.setupsTable in {schema.path} say different things.",
            remedies=["keep setupTable alone"],
        )
    return found or other


def _columns(
    table: str, section: Section, fields: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, str]]:
    for key, names in fields.items():
        actual = section.text(key)
        yield from ((table, name, actual) for name in names if actual is not None and name != actual)
