"""Tells what framework a schema was made with, from facts of the catalog alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.framework import Candidate, Framework
from pytest_supaseed.mapping.installed_frameworks import all_frameworks, framework_named
from pytest_supaseed.mapping.known_frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Catalog

__all__ = [
    "FRAMEWORKS",
    "Candidate",
    "Detection",
    "Evidence",
    "Framework",
    "all_frameworks",
    "detect",
    "framework_named",
]

NEAR_MISS = 0.4
"""A rejected framework is worth a word from this share of its facts on. A kit whose tables were all renamed
keeps its schema, function and trigger: 0.5 and more. A Supabase project with an `accounts` table and a
trigger on `auth.users` has 0.2 of the lite kit; one with organizations and memberships has 0.33 of v1."""


@dataclass(frozen=True)
class Evidence:
    """A fact that was looked for.

    Args:
        framework: whose fact it is.
        label: the fact.
        holds: whether the catalog has it.
        essential: whether there is no such framework without it.
    """

    framework: str
    label: str
    holds: bool
    essential: bool


@dataclass(frozen=True)
class Detection:
    """What a catalog was recognised as.

    Args:
        framework: the name: what was asked for, else what was recognised.
        confidence: 0 to 1: the share of its facts that hold, lowered by a near miss of a more telling one.
        evidence: its facts, then those of the nearest miss.
        contradiction: what speaks against the framework that was asked for, if anything does.
        explicit: whether it was asked for.
    """

    framework: str
    confidence: float
    evidence: tuple[Evidence, ...]
    contradiction: str | None = None
    explicit: bool = False

    def describe(self) -> str:
        """One line: the framework, how sure, by what, against what, and what it nearly was."""
        how = "asked for" if self.explicit else f"confidence {self.confidence:.2f}"
        own = [fact for fact in self.evidence if fact.framework == self.framework]
        said = [how, *_said([fact for fact in own if fact.holds or not self.contradiction])]
        near = [fact for fact in self.evidence if fact.framework != self.framework]
        if near:
            said.append(f"not {near[0].framework}: {'; '.join(_said(near))}")
        if self.contradiction:
            said.append(self.contradiction)
        return f"{self.framework} ({'; '.join(said)})"

    def lines(self) -> tuple[str, ...]:
        """Each fact on a line, for a detailed report."""
        return tuple(
            f"{fact.framework}: {'found' if fact.holds else 'not found'}: {fact.label}"
            for fact in self.evidence
        )


def _said(facts: Sequence[Evidence]) -> list[str]:
    found = ", ".join(fact.label for fact in facts if fact.holds)
    missing = ", ".join(fact.label for fact in facts if not fact.holds)
    return [text for text in (found and f"found {found}", missing and f"not found {missing}") if text]


def detect(
    catalog: Catalog, *, explicit: str | None = None, frameworks: Sequence[Framework] | None = None
) -> Detection:
    """Tell what framework a catalog is of.

    Args:
        catalog: the catalog.
        explicit: the name that the user asked for; it wins, and what speaks against it is said.
        frameworks: those to tell apart, the most telling first; the last one recognises anything.
            All that there are where none are given.

    Raises:
        UsageError: no framework is called `explicit`.
        MappingError: a framework that another distribution registers cannot be used.
    """
    among = all_frameworks() if frameworks is None else frameworks
    seen = next(framework for framework in among if _recognises(framework, catalog))
    if explicit is None:
        return _detection(catalog, seen, _near_miss(catalog, seen, among))
    asked = framework_named(explicit, frameworks=among)
    return Detection(
        framework=asked.name,
        confidence=asked.share(catalog),
        evidence=_evidence(catalog, asked),
        contradiction=_contradiction(catalog, asked, seen),
        explicit=True,
    )


def _recognises(framework: Framework, catalog: Catalog) -> bool:
    try:
        return framework.recognises(catalog)
    except Exception as error:
        if not framework.origin:
            raise
        raise MappingError(
            f"A fingerprint of the framework {framework.name!r} fails: {type(error).__name__}: {error}.",
            looked_at=[f"it comes with {framework.origin}"],
            remedies=[f"mend {framework.origin}, or uninstall it"],
        ) from error


def _evidence(catalog: Catalog, framework: Framework) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(framework.name, fact.label, fact.holds(catalog), fact.essential)
        for fact in framework.fingerprints
    )


def _near_miss(catalog: Catalog, seen: Framework, frameworks: Sequence[Framework]) -> Framework | None:
    """The framework more telling than the one seen of which most is there; None where that is little."""
    before = frameworks[: frameworks.index(seen)]
    near = [framework for framework in before if framework.share(catalog) >= NEAR_MISS]
    return max(near, key=lambda framework: framework.found(catalog), default=None)


def _detection(catalog: Catalog, seen: Framework, near: Framework | None) -> Detection:
    doubt = near.share(catalog) / 2 if near else 0.0
    return Detection(
        framework=seen.name,
        confidence=seen.share(catalog) * (1 - doubt),
        evidence=(*_evidence(catalog, seen), *(_evidence(catalog, near) if near else ())),
    )


def _contradiction(catalog: Catalog, asked: Framework, seen: Framework) -> str | None:
    if seen.is_or_extends(asked.name):
        return None
    missing = [fact.label for fact in _evidence_missing(catalog, asked)]
    lacking = f"not found {', '.join(missing)}" if missing else f"all of {asked.title} is found too"
    return f"{asked.name} was asked for, but this database looks like {seen.name}: {lacking}"


def _evidence_missing(catalog: Catalog, framework: Framework) -> list[Evidence]:
    return [fact for fact in _evidence(catalog, framework) if fact.essential and not fact.holds]
