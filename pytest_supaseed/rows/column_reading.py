"""Reads what a text column means from its name, its table, its comment and the columns beside it.

The order of precedence: (1) the longest phrase of the column's name that ends with its last word, as the last
word of an English name says what it is (`address_city` is a city); numbers and languages after it do not
count (`title_en`); (2) a person, place, company or file named further to the left (`phone_verified`); (3)
what the comment names; (4) nothing: whoever asks looks at type and position.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_supaseed.rows.choices import STATUSES
from pytest_supaseed.rows.column_meanings import BY_PHRASE
from pytest_supaseed.rows.column_words import singular, subjects_of, words_of
from pytest_supaseed.rows.entities import NOTHING
from pytest_supaseed.rows.meanings import MEANINGS
from pytest_supaseed.rows.subject_meanings import (
    BY_SUBJECT,
    FILE_SORTS,
    NOT_COUNTED,
    PERSON_PHRASES,
    PLACE_SUBJECTS,
    PLACE_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MOST_WORDS = 4
"""Words of the longest phrase that we know."""
STATUS_WORDS = frozenset({"status", "state", "stage", "phase", "progress"})
COMPANY_MAILBOXES = frozenset(
    {"company", "support", "billing", "office", "info", "sales", "organization", "business"}
)
SECOND_ADDRESSES = frozenset(
    {
        "work",
        "secondary",
        "backup",
        "recovery",
        "alternate",
        "alternative",
        "personal",
        "second",
        "other",
        "old",
    }
    | {"new", "previous", "pending"}
)
"""Words before `email` that name a further address of the same person."""
ROLE_WORDS = frozenset(
    {
        "author",
        "owner",
        "sender",
        "recipient",
        "assignee",
        "artist",
        "director",
        "instructor",
        "speaker",
        "manager",
    }
    | {"created", "updated", "modified", "deleted", "approved", "changed", "assigned", "signed", "cardholder"}
    | {"contact", "from", "to", "reply", "cc", "bcc", "invited", "reviewed"}
)
"""Words of a phrase that name somebody else than the row's own person."""
WHOLE_NAMES = frozenset({("first",), ("last",), ("from",), ("to",), ("no",)})
"""Words that mean something only where they are the whole name."""
ENDINGS = frozenset(
    {
        "current",
        "new",
        "old",
        "raw",
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "ja",
        "zh",
        "ru",
        "ar",
        "pl",
        "sv",
        "tr",
        "uk",
    }
)
"""Endings that say in which language a text is, or which of several it is."""
PICTURES = frozenset(
    {"avatar", "logo", "thumbnail", "cover", "banner", "icon", "poster", "favicon", "screenshot"}
)
"""Sorts of picture of which a row may have several, each a file of its own."""
NEUTRAL = frozenset(
    {
        "user",
        "person",
        "member",
        "profile",
        "primary",
        "main",
        "default",
        "current",
        "original",
        "the",
        "is",
        "my",
    }
    | {"address", "postal", "physical", "street", "company", "organization", "business", "employer", "brand"}
    | {"work", "home", "mobile", "cell", "phone", "day", "evening", "office", "fax", "landline", "emergency"}
    | {"file", "image", "photo", "picture", "attachment", "document", "public", "legal", "full", "preferred"}
    | {"meta", "seo", "og"}
)
"""Words before a phrase that do not name another person, place or thing than the row's own."""
MONEY = frozenset(
    {"price", "amount", "total", "subtotal", "tax", "cost", "fee", "salary", "budget", "payment", "order"}
)
"""Words that do not make the currency another one than the row's."""
COMMENT_WORDS = (
    "email",
    "phone",
    "url",
    "slug",
    "currency",
    "country",
    "language",
    "locale",
    "time zone",
    "mime type",
)
"""What a comment may name, the clearest first."""


@dataclass(frozen=True)
class Reading:
    """What a column means, and whose it is: the role is empty for the row's own person, place or file."""

    meaning: str
    role: str = ""


@cache
def read_column(
    table: str, column: str, comment: str | None = None, siblings: frozenset[str] = frozenset()
) -> Reading | None:
    """The meaning of a text column; None where nothing names one."""
    words = words_of(column)
    for start, end in _spans(words):
        found = _meaning(words, start, end, table, siblings)
        if found is not None and _counts(found, words[end:]):
            role = _role(words[:start], words[start:end], found, table)
            return _numbered(Reading(found, role), words[end:])
    if words[:1] in {("is",), ("has",), ("can",)}:
        return Reading("flag")
    return _from_comment(comment)


def _spans(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Spans of the words, those that end last first, the longer before the shorter."""
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - MOST_WORDS), end):
            yield start, end


def _numbered(reading: Reading, after: tuple[str, ...]) -> Reading:
    """The reading of the second, third and further column of a sort: `email_2`, `image_3`."""
    number = next((word for word in after if word.isdigit() and word != "1"), None)
    if number is None or reading.meaning in NOT_COUNTED:
        return reading
    if reading.meaning == "email":
        return Reading(f"email at mail{number}", reading.role)
    return Reading(reading.meaning, f"{reading.role} {number}".strip())


def _counts(meaning: str, after: tuple[str, ...]) -> bool:
    """Whether a phrase counts with these words after it: other words stand after names of entities only."""
    if all(word.isdigit() or word in ENDINGS for word in after):
        return True
    return meaning in MEANINGS and MEANINGS[meaning].kind is not NOTHING


def _meaning(
    words: tuple[str, ...], start: int, end: int, table: str, siblings: frozenset[str]
) -> str | None:
    phrase = words[start:end]
    if phrase in WHOLE_NAMES and phrase != words:
        return None
    found = _of_word(singular(phrase[0]), words[:start], table, siblings) if len(phrase) == 1 else None
    found = found or BY_PHRASE.get(phrase)
    if found == "display_name" and not _speaks_of_person(siblings):
        found = _displayed(_subjects(words[:start], table))
    return found and _of_its_sort(found, _subjects(words[:start], table))


def _displayed(subjects: tuple[str, ...]) -> str:
    """Whose name is displayed: a person's, unless the row is known to be something else."""
    names = BY_SUBJECT["name"]
    found = next((names[subject] for subject in subjects if subject in names and subject != "account"), "")
    return found if found not in {"", "full_name"} else "display_name"


def _of_word(word: str, before: tuple[str, ...], table: str, siblings: frozenset[str]) -> str | None:
    """The meaning of a single word, told from whose it is."""
    if word == "id":
        return "identifier"
    if word in STATUS_WORDS:
        return _status(word, before, table, siblings)
    if word == "email" and before:
        return _email(before[-1])
    if word in BY_SUBJECT:
        return _by_subject(word, before, table, siblings)
    return BY_PHRASE.get((word,))


def _of_its_sort(meaning: str, subjects: tuple[str, ...]) -> str:
    """A file's part as that of a picture, a video or a sound, where the table holds such files."""
    if not meaning.startswith("file "):
        return meaning
    sort = next((FILE_SORTS[subject] for subject in subjects if subject in FILE_SORTS), "file")
    return f"{sort} {meaning.removeprefix('file ')}"


def _subjects(before: tuple[str, ...], table: str) -> tuple[str, ...]:
    """Whose a word may be: what stands before it, the nearest first, then what a row of the table is."""
    return (*(singular(word) for word in reversed(before)), *subjects_of(table))


def _by_subject(word: str, before: tuple[str, ...], table: str, siblings: frozenset[str]) -> str:
    by_subject = BY_SUBJECT[word]
    if word == "name" and not before and _speaks_of_person(siblings):
        return "full_name"
    if word == "address" and _speaks_of_place(siblings, before):
        return "street"
    if word == "iso" and subjects_of(table)[:1] == ("currency",):
        return "currency"
    for subject in _subjects(before, table):
        if subject in by_subject:
            return by_subject[subject]
    return by_subject[""]


def _status(word: str, before: tuple[str, ...], table: str, siblings: frozenset[str]) -> str:
    subjects = _subjects(before, table)
    if word == "state" and (_speaks_of_place(siblings, before) or PLACE_SUBJECTS & set(subjects)):
        return "region"
    found = next((subject for subject in subjects if subject in STATUSES), None)
    return "status" if found is None else f"status {found}"


def _email(last: str) -> str:
    if last in COMPANY_MAILBOXES:
        return "company_email"
    return f"email at {last}" if last in SECOND_ADDRESSES else "email"


def _speaks_of_place(siblings: Collection[str], before: tuple[str, ...]) -> bool:
    """Whether columns of the same prefix speak of a place: `billing_city` of `billing_state`'s."""
    size = len(before)
    return any(
        words[:size] == before and words[size : size + 1] in PLACE_WORDS for words in map(words_of, siblings)
    )


def _speaks_of_person(siblings: Collection[str]) -> bool:
    return any(words_of(name) in PERSON_PHRASES for name in siblings)


def _role(before: tuple[str, ...], phrase: tuple[str, ...], meaning: str, table: str) -> str:
    own = NEUTRAL | set(subjects_of(table)) | (MONEY if meaning.startswith("currency") else frozenset())
    if meaning.startswith("email at"):
        before = before[:-1]
    telling = [word for word in phrase if word in PICTURES or word in ROLE_WORDS]
    return " ".join(word for word in (*before, *telling) if word not in own)


def _from_comment(comment: str | None) -> Reading | None:
    if not comment:
        return None
    said = " ".join(words_of(comment))
    found = next((words for words in COMMENT_WORDS if f" {words} " in f" {said} "), None)
    if found is None:
        return None
    meaning = BY_PHRASE.get(tuple(found.split())) or BY_SUBJECT[found][""]
    return Reading(meaning) if meaning in MEANINGS or meaning == "slug" else None
