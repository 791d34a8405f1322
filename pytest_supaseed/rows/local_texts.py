"""Titles, sentences and paragraphs in the language of a locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local

    Variants = Callable[[Local], tuple[Part, ...] | None]


def _of(stock: Sequence[str]) -> Part:
    return lambda _row, draws: draws.pick(stock)


def _label(local: Local) -> Part:
    return lambda _row, draws: local.label(draws)


def _short(local: Local) -> tuple[Part, ...]:
    return (_label(local), _of(local.words))


def _sentence(local: Local) -> tuple[Part, ...]:
    return (_of(local.sentences), *_short(local))


def _title(local: Local) -> tuple[Part, ...]:
    return (_of(local.titles), *_short(local))


def _paragraph_text(local: Local, draws: Draws) -> str:
    return " ".join([draws.pick(local.sentences) for _ in range(draws.between(3, 6))])


def _paragraph(local: Local) -> tuple[Part, ...]:
    return (lambda _row, draws: _paragraph_text(local, draws), *_sentence(local))


def _html(local: Local) -> tuple[Part, ...]:
    def made(_row: object, draws: Draws) -> str:
        return f"<p>{_paragraph_text(local, draws)}</p><p>{draws.pick(local.sentences)}</p>"

    return (made, *_sentence(local))


def _markdown(local: Local) -> tuple[Part, ...]:
    def made(_row: object, draws: Draws) -> str:
        heading, first, second = (local.label(draws) for _ in range(3))
        return f"## {heading}\n\n{_paragraph_text(local, draws)}\n\n- {first}\n- {second}"

    return (made, *_sentence(local))


def _question(local: Local) -> tuple[Part, ...]:
    return (lambda _row, draws: f"{draws.pick(local.titles)}?", *_short(local))


LOCAL_TEXTS: Mapping[str, Callable[[Local], tuple[Part, ...]]] = {
    "sentence": _sentence,
    "paragraph": _paragraph,
    "html": _html,
    "markdown": _markdown,
    "message": _sentence,
    "question": _question,
    "bio": _sentence,
    "instructions": _sentence,
    "reason": _title,
    "label": _short,
    "word": lambda local: (_of(local.words),),
}
"""Variants of what a column can hold of words, by the part's name; as `words.PARTS` in another language."""


def local_title(local: Local, sort: str, draws: Draws) -> str:
    """The title of a row, by the sort of thing that it is (`words.TITLE_VARIANTS`)."""
    return draws.pick(local.titles) if sort in {"article", "task"} else local.label(draws)


def _spoken(made: Callable[[Local], tuple[Part, ...]]) -> Variants:
    return lambda local: made(local) if local.has_words else None


def _jobs(local: Local) -> tuple[Part, ...] | None:
    return (_of(local.jobs),) if local.has("job") else None


LOCAL_VARIANTS: Mapping[str, Variants] = {
    **{name: _spoken(made) for name, made in LOCAL_TEXTS.items()},
    "job_title": _jobs,
}
"""How a meaning reads in a locale: its variants there, or None where ours serve."""
