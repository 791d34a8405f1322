"""Values that read as real: what a text column holds, told from its name and its surroundings.

Nothing here is real (DESIGN, decision 10): domains are the reserved ones of RFC 2606, telephone numbers those
that are kept for fiction, persons and companies are put together from word lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.rows.codes import IDENTIFIER_DIGITS, identifier
from pytest_supaseed.rows.column_reading import Reading, read_column
from pytest_supaseed.rows.column_words import singular, subjects_of, words_of
from pytest_supaseed.rows.entities import NOTHING, PartOfEntity, entity
from pytest_supaseed.rows.meanings import MEANINGS
from pytest_supaseed.rows.passwords import PASSWORD_HASH_LENGTH, DjangoPasswordHash, PasswordHash, is_djangos
from pytest_supaseed.rows.people import PERSON, secondary_email
from pytest_supaseed.rows.slug_columns import SlugOfTitle
from pytest_supaseed.rows.words import TITLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.rows.declarations import ColumnDeclaration

SHORTEST_WORD = 4
"""Columns with less room hold codes, not words."""
SHORTEST_LABEL = 16
SHORTEST_SENTENCE = 60
NAMING_POSITION = 3
"""Up to this place in its table a text column that nothing names is rather the row's name than a remark."""


@dataclass(frozen=True)
class TextColumn:
    """What is known of a text column.

    Args:
        table: the table's name.
        name: the column's name.
        length: the characters that it may hold; None where there is no limit.
        comment: the column's comment.
        type_name: the type that it is stored as, such as `citext`.
        position: the column's place in its table, counted from 1.
    """

    table: str
    name: str
    length: int | None
    comment: str | None
    type_name: str
    position: int | None


def text_declaration(  # noqa: PLR0913  # each is a different thing known of the column
    table: str,
    column: str,
    *,
    length: int | None = None,
    comment: str | None = None,
    type_name: str = "text",
    siblings: Iterable[str] = (),
    position: int | None = None,
    locale: str | None = None,
) -> ColumnDeclaration:
    """The declaration for a text column.

    Args:
        table: the table's name.
        column: the column's name.
        length: the characters that the column may hold; shorter forms are chosen to fit whole.
        comment: the column's comment, asked where the name says nothing.
        type_name: the type that the column is stored as, such as `citext`.
        siblings: the names of the table's columns: `state` beside `city` is a region.
        position: the column's place in its table, counted from 1.
        locale: a Faker locale, such as `de_DE`, for names, companies and places; ours from all over when
        None.

    Raises:
        UsageError: when rows are made, where Faker knows no such locale.
    """
    others = frozenset(siblings) - {column}
    if is_djangos(column, length, others):
        return DjangoPasswordHash()
    found = read_column(table, column, comment, others)
    known = TextColumn(table, column, length, comment, type_name, position)
    return _declaration(known, found or _by_shape(known), locale)


def _declaration(column: TextColumn, reading: Reading, locale: str | None) -> ColumnDeclaration:
    if reading.meaning == "slug":
        return _slug(column)
    if reading.meaning == "identifier":
        whose = _identified(column)
        room = len(whose) + IDENTIFIER_DIGITS + 1
        return PartOfEntity(entity(NOTHING), identifier(whose), column.length, numbered=True, room=room)
    if reading.meaning == "password":
        return _password(column)
    if reading.meaning.startswith("email at "):
        word = reading.meaning.removeprefix("email at ")
        person = entity(PERSON, reading.role, locale)
        return PartOfEntity(person, secondary_email(word), column.length, numbered=True)
    return MEANINGS[reading.meaning].declaration(reading.role, column.length, locale)


def _by_shape(column: TextColumn) -> Reading:
    """What a column holds whose name and comment say nothing: by its room, its type and its place."""
    if column.length is not None and column.length < SHORTEST_WORD:
        return Reading("code")
    if column.length is not None and column.length < SHORTEST_LABEL:
        return Reading("word")
    naming = column.position is not None and column.position <= NAMING_POSITION
    if naming or column.type_name in {"citext", "name", "bpchar"}:
        return Reading("label")
    return Reading("label" if (column.length or SHORTEST_SENTENCE) < SHORTEST_SENTENCE else "sentence")


def _slug(column: TextColumn) -> ColumnDeclaration:
    words = words_of(column.name)
    prefix = words[:-1] if words[-1:] in {("slug",), ("key",)} else ()
    named = read_column(column.table, "title")
    sort = named.meaning.removeprefix("title ") if named else "label"
    kind = TITLE_KINDS.get(sort, TITLE_KINDS["label"])
    otherwise = PartOfEntity(entity(kind), (lambda title, _draws: str(title),))
    return SlugOfTitle(prefix, otherwise, column.length)


def _identified(column: TextColumn) -> str:
    """What an identifier is of: `stripe_customer_id` a customer, `id` a row of its table."""
    before = [word for word in words_of(column.name)[:-1] if word.isascii() and word.isalpha()]
    named = singular(before[-1]) if before else (subjects_of(column.table) or ("row",))[0]
    return named if named.isascii() else "row"


def _password(column: TextColumn) -> ColumnDeclaration:
    if column.length is None or column.length >= PASSWORD_HASH_LENGTH:
        return PasswordHash()
    return MEANINGS["token"].declaration("", column.length, None)
