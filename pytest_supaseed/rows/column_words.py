"""The words of a table's or a column's name: `shippingAddr2` says shipping, address, 2."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")

MEANT: Mapping[str, str] = {
    "addr": "address",
    "addr1": "address 1",
    "addr2": "address 2",
    "adr": "address",
    "amt": "amount",
    "avatarurl": "avatar url",
    "bday": "birthday",
    "cat": "category",
    "ccy": "currency",
    "cellphone": "cell phone",
    "cmt": "comment",
    "co": "company",
    "color": "colour",
    "colors": "colour",
    "companyname": "company name",
    "contenttype": "content type",
    "corp": "company",
    "ctry": "country",
    "countrycode": "country code",
    "cust": "customer",
    "curr": "currency",
    "currencycode": "currency code",
    "dept": "department",
    "desc": "description",
    "descr": "description",
    "displayname": "display name",
    "dob": "birthday",
    "doc": "document",
    "emailaddress": "email",
    "emailid": "email",
    "emp": "employee",
    "env": "environment",
    "ext": "extension",
    "familyname": "last name",
    "fax": "fax phone",
    "filename": "file name",
    "filepath": "file path",
    "filetype": "file type",
    "firstname": "first name",
    "fname": "first name",
    "fullname": "full name",
    "givenname": "first name",
    "guid": "uuid",
    "homepage": "homepage",
    "hostname": "host name",
    "img": "image",
    "imageurl": "image url",
    "ipaddress": "ip address",
    "ipaddr": "ip address",
    "jobtitle": "job title",
    "lang": "language",
    "lastname": "last name",
    "lname": "last name",
    "loc": "location",
    "logourl": "logo url",
    "mail": "email",
    "middlename": "middle name",
    "mimetype": "mime type",
    "mname": "middle name",
    "mob": "mobile",
    "msg": "message",
    "nick": "nickname",
    "num": "number",
    "no": "number",
    "nbr": "number",
    "org": "organization",
    "organisation": "organization",
    "passwd": "password",
    "pcode": "postcode",
    "phonenumber": "phone number",
    "phoneno": "phone number",
    "photourl": "photo url",
    "pic": "picture",
    "postalcode": "postcode",
    "prod": "product",
    "prov": "province",
    "pwd": "password",
    "qty": "quantity",
    "ref": "reference",
    "sname": "last name",
    "st": "street",
    "stat": "status",
    "streetaddress": "street address",
    "surname": "last name",
    "tel": "phone",
    "telephone": "phone",
    "timezone": "time zone",
    "tstamp": "timestamp",
    "ts": "timestamp",
    "txt": "text",
    "tz": "time zone",
    "uid": "uuid",
    "uname": "username",
    "uri": "url",
    "urls": "url",
    "useragent": "user agent",
    "userid": "user id",
    "usr": "user",
    "ver": "version",
    "websiteurl": "website",
    "zip": "postcode",
    "zipcode": "postcode",
}
"""Abbreviations, and names written without a gap, by what they mean."""

PLURALS: Mapping[str, str] = {
    "aliases": "alias",
    "children": "child",
    "news": "news",
    "people": "person",
    "statuses": "status",
}
KEPT = frozenset(
    {"address", "access", "status", "process", "business", "progress", "sms", "gps", "dns", "https", "css"}
)
"""Words on `s` that are no plurals."""


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, lower case, abbreviations written out."""
    found: list[str] = []
    for word in _WORD.findall(name):
        lowered = word.lower()
        found += MEANT.get(lowered, lowered).split()
    return tuple(_joined(found))


def _joined(found: list[str]) -> list[str]:
    """`e-mail` is one word, in whatever way it is written."""
    joined: list[str] = []
    for word in found:
        if word == "email" and joined and joined[-1] == "e":
            joined.pop()
        joined.append(word)
    return joined


@cache
def singular(word: str) -> str:
    """The singular of an English noun, as far as table names need it."""
    if word in PLURALS:
        return PLURALS[word]
    if word in KEPT or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):  # noqa: PLR2004  # bus, gas
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


@cache
def subjects_of(table: str) -> tuple[str, ...]:
    """What a row of the table is, by its words in the singular, the last and weightiest first."""
    return tuple(singular(word) for word in reversed(words_of(table)))
