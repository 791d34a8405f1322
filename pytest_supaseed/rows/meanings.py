"""What a text column can mean: for each meaning its entity and its variants, gathered from their modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.rows import choices, codes, companies, files, people, places, words
from pytest_supaseed.rows.entities import NOTHING, ROOM_FOR_ANY, Kind, PartOfEntity, entity
from pytest_supaseed.rows.local_texts import LOCAL_VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local


NUMBERED = frozenset(
    {
        "email",
        "username",
        "file_name",
        "file_path",
        "file_url",
        "url",
        "webhook_url",
        "repository_url",
        "number",
    }
)
"""Parts whose best form holds the row's number."""
RANDOM = {"token": 32, "hash": 64, "digest_md5": 32, "commit": 40, "uuid": 36}
"""Parts whose best form is so long and so much by chance that none comes twice, and its characters."""


@dataclass(frozen=True)
class Meaning:
    """A meaning: the kind of entity that the column speaks of, and the variants of the part it holds.

    Args:
        kind: the kind of entity.
        variants: the part's forms, the best first.
        numbered: whether the best form holds the row's number, so that no two rows share one.
        local: the variants in a locale, where they are others.
        name: the part's name.
    """

    kind: Kind
    variants: tuple[Part, ...]
    numbered: bool = False
    local: Callable[[Local], tuple[Part, ...] | None] | None = None
    name: str = ""

    def declaration(self, role: str, length: int | None, locale: str | None) -> PartOfEntity:
        """The declaration of a column that means this."""
        whose = "" if self.kind is NOTHING else role
        source = entity(self.kind, whose, locale)
        return PartOfEntity(
            source,
            self.variants,
            length,
            numbered=self.numbered,
            meaning=self.name,
            room=RANDOM.get(self.name, ROOM_FOR_ANY),
            local=self.local,
        )


def _gathered(kind: Kind, parts: Mapping[str, tuple[Part, ...]]) -> Iterable[tuple[str, Meaning]]:
    return [
        (name, Meaning(kind, variants, name in NUMBERED | RANDOM.keys(), LOCAL_VARIANTS.get(name), name))
        for name, variants in parts.items()
    ]


def _files() -> Iterable[tuple[str, Meaning]]:
    """The parts of a file once for each sort of file: `image file_url`."""
    return [
        (f"{sort} {name}", meaning)
        for sort, kind in files.KINDS.items()
        for name, meaning in _gathered(kind, files.PARTS)
    ]


def _titles() -> Iterable[tuple[str, Meaning]]:
    return [(f"title {sort}", Meaning(kind, words.TITLE_PARTS)) for sort, kind in words.TITLE_KINDS.items()]


def _statuses() -> Iterable[tuple[str, Meaning]]:
    of_subjects = [
        (f"status {subject}", Meaning(NOTHING, choices.choice(options)))
        for subject, options in choices.STATUSES.items()
    ]
    return [*of_subjects, ("status", Meaning(NOTHING, choices.choice(choices.ORDINARY_STATUSES)))]


GATHERED: tuple[tuple[str, Meaning], ...] = (
    *_gathered(people.PERSON, people.PARTS),
    *_gathered(places.PLACE, places.PARTS),
    *_gathered(companies.COMPANY, companies.PARTS),
    *_gathered(words.COLOUR, words.COLOUR_PARTS),
    *_gathered(NOTHING, words.PARTS),
    *_gathered(NOTHING, files.LINK_PARTS),
    *_gathered(NOTHING, codes.PARTS),
    *_gathered(NOTHING, choices.PARTS),
    *_files(),
    *_titles(),
    *_statuses(),
)
MEANINGS: Mapping[str, Meaning] = dict(GATHERED)
"""The meanings by their name."""
