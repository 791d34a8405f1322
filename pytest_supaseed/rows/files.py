"""Files and links: name, extension, media type, path and URL of one file agree; hosts are reserved ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.rows.entities import Kind
from pytest_supaseed.rows.vocabularies.phrases import ADJECTIVES, NOUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part

FORMATS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "image": (("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp")),
    "video": (("mp4", "video/mp4"), ("webm", "video/webm")),
    "audio": (("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("wav", "audio/wav")),
    "file": (
        ("pdf", "application/pdf"),
        ("csv", "text/csv"),
        ("txt", "text/plain"),
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("zip", "application/zip"),
        ("json", "application/json"),
    ),
}
"""Extensions and media types, by the sort of file."""
HOST = "files.example.com"


class File(NamedTuple):
    """One file. `folder` names its sort, `stem` is its name without the extension."""

    stem: str
    extension: str
    media_type: str
    folder: str
    number: int


def _kind(sort: str) -> Kind:
    formats = FORMATS[sort]

    def make(draws: Draws, index: int) -> File:
        extension, media_type = draws.pick(formats)
        return File(
            f"{draws.pick(ADJECTIVES)}-{draws.pick(NOUNS)}", extension, media_type, f"{sort}s", index + 1
        )

    return Kind(f"{sort} file", make)


KINDS: Mapping[str, Kind] = {sort: _kind(sort) for sort in FORMATS}
"""The kinds of entity, by the sort of file."""


def _name(file: File, _draws: Draws) -> str:
    return f"{file.stem}-{file.number}.{file.extension}"


def _short_name(file: File, _draws: Draws) -> str:
    return f"{file.number}.{file.extension}"


def _path(file: File, draws: Draws) -> str:
    return f"{file.folder}/{_name(file, draws)}"


def _url(file: File, draws: Draws) -> str:
    return f"https://{HOST}/{_path(file, draws)}"


def _short_url(file: File, _draws: Draws) -> str:
    return f"https://a.test/{file.number}.{file.extension}"


def _extension(file: File, _draws: Draws) -> str:
    return file.extension


def _media_type(file: File, _draws: Draws) -> str:
    return file.media_type


def _sort(file: File, _draws: Draws) -> str:
    return file.media_type.partition("/")[0]


PARTS: Mapping[str, tuple[Part, ...]] = {
    "file_name": (_name, _short_name),
    "file_stem": (lambda file, _draws: file.stem, lambda file, _draws: f"f{file.number}"),
    "file_path": (_path, _short_name),
    "file_url": (_url, _short_url, _short_name),
    "file_extension": (_extension,),
    "media_type": (_media_type, _sort, _extension),
    "media_sort": (_sort, _extension),
    "alt_text": (lambda file, _draws: f"Picture of the {file.stem.replace('-', ' ')}",),
}
"""What a column can hold of a file: variants by the part's name."""


def _link(index: int, draws: Draws) -> str:
    folder, adjective, noun = draws.pick(NOUNS), draws.pick(ADJECTIVES), draws.pick(NOUNS)
    return f"https://www.example.com/{folder}/{adjective}-{noun}-{index + 1}"


def _short_link(index: int, _draws: Draws) -> str:
    return f"https://example.com/{index + 1}"


def _shortest_link(index: int, _draws: Draws) -> str:
    return f"http://a.test/{index + 1}"


def _page(index: int, draws: Draws) -> str:
    return f"/{_plural(draws.pick(NOUNS))}/{index + 1}"


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def _host(_index: int, draws: Draws) -> str:
    return f"{draws.pick(NOUNS)}-{draws.below(100)}.example.com"


def _short_host(_index: int, draws: Draws) -> str:
    return f"{draws.pick(NOUNS)[:3]}.test"


LINK_PARTS: Mapping[str, tuple[Part, ...]] = {
    "url": (_link, _short_link, _shortest_link, lambda index, _draws: f"/{index + 1}"),
    "page_path": (_page, lambda index, _draws: f"/{index + 1}"),
    "host": (_host, _short_host),
    "webhook_url": (
        lambda index, draws: f"https://hooks.example.com/{draws.pick(NOUNS)}/{index + 1}",
        _short_link,
        _shortest_link,
    ),
    "repository_url": (
        lambda index, draws: (
            f"https://git.example.com/{draws.pick(ADJECTIVES)}/{draws.pick(NOUNS)}-{index + 1}"
        ),
        _short_link,
        _shortest_link,
    ),
}
"""Links that belong to no file; the entity is the row's index."""
