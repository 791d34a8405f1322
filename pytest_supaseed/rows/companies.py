"""Companies that nobody runs, and what goes with one: its domain, website, addresses and registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.rows.entities import Kind, PartOfEntity, entity
from pytest_supaseed.rows.places import filled
from pytest_supaseed.rows.slugs import short_slug, slugify
from pytest_supaseed.rows.vocabularies.company_names import FIELDS, INDUSTRIES, LEGAL_FORMS, ROOTS, TEAMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local

MAILBOXES = ("hello", "info", "office", "contact")
LONGEST_LABEL = 40
"""Letters of a domain's label; RFC 1035 allows 63."""


class Company(NamedTuple):
    """One company. `name` stands without its legal form, `slug` is the name as its domain has it."""

    name: str
    slug: str
    legal_form: str


def _company(draws: Draws, _index: int) -> Company:
    name = f"{draws.pick(ROOTS)} {draws.pick(FIELDS)}"
    return Company(name, slugify(name), draws.pick(LEGAL_FORMS))


def _localized(local: Local, draws: Draws, _index: int) -> Company:
    name = local.company(draws)
    return Company(name, short_slug(name, LONGEST_LABEL) or slugify(draws.pick(ROOTS)), "")


COMPANY = Kind("company", _company, _localized)


def _name(company: Company, _draws: Draws) -> str:
    return company.name


def _root(company: Company, _draws: Draws) -> str:
    return company.name.split(" ")[0]


def _short(company: Company, _draws: Draws) -> str:
    return company.name[:3].upper()


def _legal_name(company: Company, _draws: Draws) -> str:
    return f"{company.name} {company.legal_form}".rstrip()


def _domain(company: Company, _draws: Draws) -> str:
    return f"{company.slug}.example"


def _short_domain(company: Company, _draws: Draws) -> str:
    return f"{company.slug.split('-')[0]}.test"


def _shortest_domain(company: Company, _draws: Draws) -> str:
    return f"{company.slug[:2]}.test"


def _website(company: Company, draws: Draws) -> str:
    return f"https://www.{_domain(company, draws)}"


def _short_website(company: Company, draws: Draws) -> str:
    return f"https://{_short_domain(company, draws)}"


def _shortest_website(company: Company, draws: Draws) -> str:
    return f"https://{_shortest_domain(company, draws)}"


def _email(company: Company, draws: Draws) -> str:
    return f"{draws.pick(MAILBOXES)}@{_domain(company, draws)}"


def _short_email(company: Company, draws: Draws) -> str:
    return f"hi@{_shortest_domain(company, draws)}"


def _team(_company: Company, draws: Draws) -> str:
    return f"Team {draws.pick(TEAMS)}"


def _short_team(_company: Company, draws: Draws) -> str:
    return draws.pick(TEAMS)


PARTS: Mapping[str, tuple[Part, ...]] = {
    "company": (_name, _root, _short),
    "legal_name": (_legal_name, _name, _root, _short),
    "company_domain": (_domain, _short_domain, _shortest_domain),
    "company_website": (_website, _short_website, _shortest_website, _shortest_domain),
    "company_email": (_email, _short_email),
    "company_subdomain": (lambda company, _draws: company.slug, lambda company, _draws: company.slug[:3]),
    "legal_form": (lambda company, draws: company.legal_form or draws.pick(LEGAL_FORMS),),
    "industry": (lambda _company, draws: draws.pick(INDUSTRIES), lambda _company, _draws: "Retail"),
    "team": (_team, _short_team),
    "tax_number": (
        lambda _company, draws: filled("ZZ999#######", draws),
        lambda _company, draws: filled("9#####", draws),
    ),
}
"""What a column can hold of a company. Tax numbers stand under ZZ, which is no country's code."""


class CompanyPart(PartOfEntity):
    """A part of the row's company, for factories that are written by hand: `CompanyPart("company")`."""

    def __init__(self, part: str, role: str = "", *, locale: str | None = None) -> None:
        super().__init__(entity(COMPANY, role, locale), PARTS[part])
