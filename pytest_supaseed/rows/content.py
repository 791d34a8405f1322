"""The content of the original tool: templates (`setup_types`) and the setups that users make of them.

Foreign keys are not declared here: they are found in the catalog, whatever the schema calls them.
"""

from __future__ import annotations

from typing import Any

import factory

from pytest_supaseed.rows.declarations import DrawnFrom, FromRow, Instant, OneOf
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.users import slugify

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
PURPOSES = ("overnighter", "expedition", "commute", "weekend", "road trip", "traverse", "basecamp", "loop")


def _template_name(_row: Any, index: int) -> str:
    name, _category = TEMPLATES[index % len(TEMPLATES)]
    again = index // len(TEMPLATES)
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
    description = factory.Faker("sentence", nb_words=12)
    created_at = Instant()
    updated_at = Instant(after="created_at")
