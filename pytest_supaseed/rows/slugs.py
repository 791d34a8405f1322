"""Text as plain ASCII, for e-mail addresses, user names and slugs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NO_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "æ": "ae", "Æ": "Ae", "œ": "oe", "ð": "d"}
)
"""Letters that Unicode does not take apart into a base letter and a mark."""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def ascii_text(text: str) -> str:
    """The text without its diacritics; letters of other scripts as they sound, what has no sound left out."""
    if text.isascii():
        return text
    translated = text.translate(_NO_DECOMPOSITION)
    apart = unicodedata.normalize("NFKD", translated)
    plain = "".join([mark for mark in apart if not unicodedata.combining(mark)])
    return plain if plain.isascii() else _sounded(translated)


def _sounded(text: str) -> str:
    from faker.decode import unidecode

    return str(unidecode(text)).encode("ascii", "ignore").decode()


def slugify(text: str, separator: str = "-") -> str:
    """Lower-case ASCII letters and digits of a text, other runs replaced by the separator."""
    return _NOT_PLAIN.sub(separator, ascii_text(text).lower()).strip(separator)


def short_slug(text: str, length: int | None) -> str:
    """A slug of whole words within `length` characters; a first word that is longer is cut."""
    slug = slugify(text)
    if length is None or len(slug) <= length:
        return slug
    whole = slug[: length + 1].rpartition("-")[0]
    return whole or slug[:length]
