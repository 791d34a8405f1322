"""Tests of email_pattern: addresses are valid whatever fills a pattern, and what gives others is refused."""

from __future__ import annotations

import re

import pytest

from pytest_supaseed.email_pattern import (
    DEFAULT_PATTERN,
    FIELDS,
    LONGEST,
    LONGEST_MAILBOX,
    WORDS,
    email_pattern,
)
from pytest_supaseed.errors import UsageError
from pytest_supaseed.options import resolve_options

VALUES = {"first": "ada", "last": "lovelace", "n": "12", "seed": "ci", "persona": "owner", "team": "3"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (DEFAULT_PATTERN, "ada.lovelace.12@example.com"),
        ("{persona}+{n}@team{team}.test", "owner+12@team3.test"),
        ("  {First}_{seed}.{N}@Example.ORG ", "ada_ci.12@example.org"),
        ("user{n}@localhost", "user12@localhost"),
    ],
)
def test_fields_are_filled_in_lower_case(text: str, address: str) -> None:
    """Whatever the case of the pattern."""
    assert email_pattern(text).address(VALUES) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{first}.{last}.{n}", "an address has one @"),
        ("{n}@a.test@b.test", "an address has one @"),
        ("{first} {last}@a.test", "makes no mailbox"),
        ("{first}..{n}@a.test", "makes no mailbox"),
        (".{n}@a.test", "makes no mailbox"),
        ("{n}.@a.test", "makes no mailbox"),
        ("ü{n}@a.test", "makes no mailbox"),
        ('"{n}"@a.test', "makes no mailbox"),
        ("@a.test", "makes no mailbox"),
        ("{n}@", "is no domain"),
        ("{n}@a..test", "is no domain"),
        ("{n}@-a.test", "is no domain"),
        ("{n}@a b.test", "is no domain"),
        ("{nr}@a.test", r"\{nr\} is no field; there are first, last, n, seed, persona, team"),
        ("{}@a.test", r"\{\} is no field"),
        ("{n:04}@a.test", r"\{n:04\} is no field"),
        ("{n@a.test", r"\{ stands alone"),
        ("{n}@{seed}.test", r"\{seed\} stands in the domain"),
        ("x" * 70 + "{n}@a.test", "can exceed 64 characters"),
        ("{n}@" + "a." * 130 + "test", "254 in all"),
    ],
)
def test_a_pattern_of_no_addresses_is_refused(text: str, why: str) -> None:
    """And it is said why."""
    with pytest.raises(ValueError, match=why):
        email_pattern(text)


@pytest.mark.parametrize("value", [5, None, "", "  ", ["{n}@a.test"]])
def test_a_pattern_is_a_text(value: object) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match=r"^$"):
        email_pattern(value)


@pytest.mark.parametrize("text", [DEFAULT_PATTERN, "{seed}{seed}-{first}{last}{persona}{n}@a.test"])
@pytest.mark.parametrize("longest", [LONGEST, 40])
def test_what_is_too_long_is_cut_in_the_words(text: str, longest: int) -> None:
    """The number is whole, so that addresses stay apart."""
    values = {name: "y" * 90 if name in WORDS else "9" * 15 for name in FIELDS}
    address = email_pattern(text).address(values, longest)
    assert len(address.partition("@")[0]) <= LONGEST_MAILBOX
    assert len(address) <= longest
    assert "9" * 15 + "@" in address


def test_a_shape_knows_its_addresses_and_their_number() -> None:
    """Of others' addresses it knows none."""
    pattern = email_pattern("{first}.{last}+{n}@team{team}.test")
    found = re.match(pattern.shape, pattern.address(VALUES))
    assert found is not None
    assert found[1] == "12"
    assert not re.match(pattern.shape, "ada.lovelace+x@team3.test")
    assert not re.match(pattern.shape, "adaxlovelace+12@team3ytest")


@pytest.mark.parametrize("domain", ["gmail.com", "myexample.com", "example.com.evil.io", "test.de", "{n}"])
def test_a_domain_of_somebody_has_to_be_meant(domain: str) -> None:
    """The message says who gave it, and what is nobody's."""
    with pytest.raises(UsageError, match="which may be somebody's") as error:
        resolve_options({"email_pattern": f"{{n}}@{domain}"}, {})
    assert str(error.value).startswith("--supaseed-email-pattern makes addresses at")
    assert "allow-real-domains" in str(error.value)
    meant = resolve_options({"email_pattern": f"{{n}}@{domain}", "allow_real_domains": "true"}, {})
    assert meant.email_pattern.domain == domain


@pytest.mark.parametrize(
    "domain", ["example.com", "mail.example.org", "a.test", "team{team}.example", "x.localhost"]
)
def test_a_domain_of_nobody_is_taken(domain: str) -> None:
    """With all that lies below it."""
    assert resolve_options({"email_pattern": f"{{n}}@{domain}"}, {}).email_pattern.is_reserved
