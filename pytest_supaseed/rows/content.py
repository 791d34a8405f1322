"""The content of the original tool: templates (`setup_types`), setups made of them, gear, pictures, posts.

Foreign keys are not declared here: they are found in the catalog, whatever the schema calls them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import factory

from pytest_supaseed.rows.companies import CompanyPart
from pytest_supaseed.rows.declarations import Drawn, FromRow, Instant, RandomUuid
from pytest_supaseed.rows.domain_fields import DomainText, DrawnFromDomain, FromDomain
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.in_turn import InTurn
from pytest_supaseed.rows.semantics import text_declaration
from pytest_supaseed.rows.slugs import slugify

if TYPE_CHECKING:
    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.business_domains import BusinessDomain, Piece

PICTURES = (("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"))
"""Endings of picture files and the types that they mean."""


def _numbered(name: str, index: int, stock: int) -> str:
    """A name of a stock, with a number from the second time round on."""
    again = index // stock
    return f"{name} {again + 1}" if again else name


def _template(words: BusinessDomain, _row: Any, index: int) -> tuple[str, str]:
    name, category = words.templates[index % len(words.templates)]
    return _numbered(name, index, len(words.templates)), category


def _piece(words: BusinessDomain, _row: Any, index: int) -> Piece:
    found = words.gear[index % len(words.gear)]
    return found._replace(name=_numbered(found.name, index, len(words.gear)))


def _setup_title(words: BusinessDomain, _row: Any, draws: Draws) -> str:
    return f"{draws.pick(words.adjectives)} {draws.pick(words.purposes)}"


def _price(_words: BusinessDomain, row: Any, draws: Draws) -> Decimal:
    return Decimal(draws.between(row.chosen_piece.low * 100, row.chosen_piece.high * 100)).scaleb(-2)


class SetupTypeFactory(TableFactory):
    """A template that setups are made from."""

    class Meta:
        table = "setup_types"
        lenient = True
        exclude = ("chosen_template",)

    chosen_template = FromDomain(_template)
    name = FromRow(lambda row, _index: row.chosen_template[0])
    title = factory.SelfAttribute("name")
    slug = FromRow(lambda row, _index: slugify(row.name))
    category = FromRow(lambda row, _index: row.chosen_template[1])
    description = FromRow(lambda row, _index: f"{row.name}: everything that belongs to it.")
    created_at = Instant()
    updated_at = Instant(after="created_at")


class SetupFactory(TableFactory):
    """A setup: what a user made of a template."""

    class Meta:
        table = "setups"
        lenient = True

    title = DrawnFromDomain(_setup_title)
    name = factory.SelfAttribute("title")
    slug = FromRow(lambda row, index: f"{slugify(row.title)}-{index + 1}")
    category = DrawnFromDomain(lambda words, _row, draws: draws.pick(words.template_categories))
    description = DomainText(lambda words: words.sentences, text_declaration("setups", "description"), 1, 3)
    is_public = Drawn(lambda draws: draws.random() < 0.25)  # noqa: PLR2004  # most people keep theirs
    created_at = Instant()
    updated_at = Instant(after="created_at")


class GearFactory(TableFactory):
    """A piece of gear."""

    class Meta:
        table = "gear"
        lenient = True
        exclude = ("chosen_piece",)

    chosen_piece = FromDomain(_piece)
    name = FromRow(lambda row, _index: row.chosen_piece.name)
    title = factory.SelfAttribute("name")
    slug = FromRow(lambda row, _index: slugify(row.name))
    category = FromRow(lambda row, _index: row.chosen_piece.category)
    description = DomainText(lambda words: words.sentences, text_declaration("gear", "description"), 1, 2)
    brand = CompanyPart("company")
    weight_grams = Drawn(lambda draws: draws.between(20, 4_000))
    price = DrawnFromDomain(_price)
    created_at = Instant()
    updated_at = Instant(after="created_at")


def _picture(row: Any, index: int) -> str:
    return f"setups/{row.file_id.hex}.{PICTURES[index % len(PICTURES)][0]}"


class MediaFactory(TableFactory):
    """A picture of a setup, as the row that speaks of a file in storage."""

    class Meta:
        table = "media"
        lenient = True

    file_id = RandomUuid()
    file_path = FromRow(_picture)
    file_name = FromRow(lambda row, _index: row.file_path.rpartition("/")[2])
    mime_type = FromRow(lambda _row, index: PICTURES[index % len(PICTURES)][1])
    size_bytes = Drawn(lambda draws: draws.between(20_000, 4_000_000))
    caption = DomainText(lambda words: words.captions, text_declaration("media", "caption"))
    created_at = Instant()
    updated_at = Instant(after="created_at")


class PostFactory(TableFactory):
    """A post; one that is no draft has a date of publication, not before the post itself."""

    class Meta:
        table = "posts"
        lenient = True
        exclude = ("published_later",)

    title = DomainText(lambda words: words.titles, text_declaration("posts", "title"))
    slug = FromRow(lambda row, index: f"{slugify(row.title)}-{index + 1}")
    content = DomainText(lambda words: words.sentences, text_declaration("posts", "content"), 4, 8)
    body = factory.SelfAttribute("content")
    excerpt = FromRow(lambda row, _index: f"{row.content[:117]}...")
    status = InTurn("published", "published", "draft")
    created_at = Instant()
    updated_at = Instant(after="created_at")
    published_later = Instant(after="created_at")
    published_at = FromRow(lambda row, _index: None if row.status == "draft" else row.published_later)
