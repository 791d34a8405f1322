"""The content of the original tool: templates (`setup_types`), setups made of them, gear, pictures, posts.

Foreign keys are not declared here: they are found in the catalog, whatever the schema calls them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory

from pytest_supaseed.rows.companies import CompanyPart
from pytest_supaseed.rows.declarations import Drawn, DrawnFrom, FromRow, Instant, OneOf, RandomUuid
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.in_turn import InTurn
from pytest_supaseed.rows.semantics import text_declaration
from pytest_supaseed.rows.slugs import slugify

TEMPLATES = (
    ("Overlander", "vehicle"),
    ("Camper van", "vehicle"),
    ("Daily driver", "vehicle"),
    ("Weekend backpack", "backpack"),
    ("Thru-hike backpack", "backpack"),
    ("Day pack", "backpack"),
    ("Tent camp", "camp"),
    ("Base camp", "camp"),
    ("Hammock camp", "camp"),
    ("Camp kitchen", "kitchen"),
    ("Trail kitchen", "kitchen"),
    ("Home workshop", "workshop"),
)
"""Names and categories of templates; after the last one they start again with a number."""

ADJECTIVES = (
    "Light",
    "Alpine",
    "Desert",
    "Coastal",
    "Family",
    "Winter",
    "Budget",
    "Ultimate",
    "Compact",
    "Quiet",
)
GEAR = (
    ("Two-person tent", "shelter"),
    ("Tarp", "shelter"),
    ("Down sleeping bag", "sleep"),
    ("Sleeping pad", "sleep"),
    ("Gas stove", "kitchen"),
    ("Cook set", "kitchen"),
    ("Water filter", "kitchen"),
    ("Solar panel", "power"),
    ("Power bank", "power"),
    ("Head torch", "power"),
    ("Multi-tool", "tools"),
    ("Recovery straps", "tools"),
    ("Rain jacket", "clothing"),
    ("Merino shirt", "clothing"),
)
"""Names and categories of gear; after the last one they start again with a number."""
PICTURES = (("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"))
"""Endings of picture files and the types that they mean."""

PURPOSES = ("overnighter", "expedition", "commute", "weekend", "road trip", "traverse", "basecamp", "loop")


def _template_name(_row: Any, index: int) -> str:
    return _numbered(TEMPLATES, index)


def _gear_name(_row: Any, index: int) -> str:
    return _numbered(GEAR, index)


def _numbered(stock: tuple[tuple[str, str], ...], index: int) -> str:
    name, _category = stock[index % len(stock)]
    again = index // len(stock)
    return f"{name} {again + 1}" if again else name


def _setup_title(_row: Any, draws: Any) -> str:
    return f"{draws.pick(ADJECTIVES)} {draws.pick(PURPOSES)}"


class SetupTypeFactory(TableFactory):
    """A template that setups are made from."""

    class Meta:
        table = "setup_types"
        lenient = True

    name = FromRow(_template_name)
    title = factory.SelfAttribute("name")
    slug = FromRow(lambda row, _index: slugify(row.name))
    category = FromRow(lambda _row, index: TEMPLATES[index % len(TEMPLATES)][1])
    description = FromRow(lambda row, _index: f"Everything that belongs to a {row.name.lower()}.")
    created_at = Instant()
    updated_at = Instant(after="created_at")


class SetupFactory(TableFactory):
    """A setup: what a user made of a template."""

    class Meta:
        table = "setups"
        lenient = True

    title = DrawnFrom(_setup_title)
    name = factory.SelfAttribute("title")
    slug = FromRow(lambda row, index: f"{slugify(row.title)}-{index + 1}")
    category = OneOf(sorted({category for _name, category in TEMPLATES}))
    description = text_declaration("setups", "description")
    is_public = Drawn(lambda draws: draws.random() < 0.25)  # noqa: PLR2004  # most people keep theirs
    created_at = Instant()
    updated_at = Instant(after="created_at")


class GearFactory(TableFactory):
    """A piece of gear."""

    class Meta:
        table = "gear"
        lenient = True

    name = FromRow(_gear_name)
    title = factory.SelfAttribute("name")
    slug = FromRow(lambda row, _index: slugify(row.name))
    category = FromRow(lambda _row, index: GEAR[index % len(GEAR)][1])
    brand = CompanyPart("company")
    weight_grams = Drawn(lambda draws: draws.between(20, 4_000))
    price = Drawn(lambda draws: Decimal(draws.between(500, 60_000)).scaleb(-2))
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
    caption = text_declaration("media", "caption")
    created_at = Instant()
    updated_at = Instant(after="created_at")


class PostFactory(TableFactory):
    """A post; one that is no draft has a date of publication, not before the post itself."""

    class Meta:
        table = "posts"
        lenient = True

    title = text_declaration("posts", "title")
    slug = FromRow(lambda row, index: f"{slugify(row.title)}-{index + 1}")
    content = text_declaration("posts", "content")
    body = factory.SelfAttribute("content")
    excerpt = FromRow(lambda row, _index: f"{row.content[:117]}...")
    status = InTurn("published", "published", "draft")
    created_at = Instant()
    updated_at = Instant(after="created_at")
    published_later = Instant(after="created_at")
    published_at = FromRow(lambda row, _index: None if row.status == "draft" else row.published_later)
