"""How large a number is in real life, told from the name that it goes by."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Magnitude:
    """The numbers that a name stands for.

    Args:
        low: the least.
        high: the largest.
        decimals: the digits behind the point that such a number has at most.
        skewed: whether small ones are far more frequent than large ones, as with counts and sizes.
        values: the only ones that occur, where they are few.
    """

    low: float
    high: float
    decimals: int = 2
    skewed: bool = False
    values: tuple[int, ...] = ()


ORDINARY = Magnitude(1, 1000)
"""Numbers whose meaning we do not know: small numbers read as real."""

MOSTLY, SELDOM = Magnitude(0, 1, 0, values=(1, 1, 1, 0)), Magnitude(0, 1, 0, values=(0, 0, 0, 1))
"""Numbers that stand for yes and no."""
_COUNTED = (
    r"counts?|num|number_of|views?|likes?|clicks?|visits?|followers|following|hits?|downloads?|impressions"
    r"|comments|(?:up|down)?_?votes?|shares|replies|plays|usage"
)
_MONEY = (
    r"price|cost|amount|total|sub_?total|fee|balance|revenue|payment|tax|discount|credits?|debits?|wage|deposit"
    r"|refund|spent|paid|charge|net|gross|value|msrp|shipping|freight|tip"
)
_SIZE = r"(?:file_?|content_?)?size|(?:\w+_)?bytes|(?:content_?)?length|memory"
_ORDER = r"sort(?:_?order)?|display_?order|position|ordinal|rank|sequence|seq|order(?:ing)?|index|idx"
_STATUS_CODES = Magnitude(
    200, 503, 0, values=(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 422, 500, 503)
)
_TABLE: tuple[tuple[str, Magnitude], ...] = (
    (r"^length$|running_?time|run_?length", Magnitude(20, 240, 0)),
    (r"^page$|page_?(?:no|number)|start_?page|end_?page", Magnitude(1, 40, 0)),
    (r"pages|page_?count", Magnitude(8, 640, 0)),
    (r"(?:\w+_)?bits|key_(?:size|length)", Magnitude(128, 4096, 0, values=(128, 256, 2048, 4096))),
    (r"^(?:is_)?(?:deleted|archived|disabled|hidden|banned|blocked|locked)$", SELDOM),
    (r"^(?:active|enabled|verified|visible|published)$|^(?:is|has)_\w+", MOSTLY),
    (r"lat(?:itude)?", Magnitude(-60, 70, 6)),
    (r"lng|lon|long(?:itude)?", Magnitude(-180, 180, 6)),
    (r"rating|stars?", Magnitude(1, 5, 1)),
    (r"(?:http_?)?status_?code|response_?code|http_status", _STATUS_CODES),
    (r"percent(?:age)?|pct|progress|completion|humidity|battery(?:_level)?|opacity", Magnitude(0, 100, 1)),
    (r"hourly_?rate|day_?rate", Magnitude(20, 180)),
    (r"(?:tax|vat|interest|discount|commission|exchange|conversion|error|growth)_?rate", Magnitude(0, 25, 4)),
    (r"probability|confidence|ratio|likelihood|alpha|threshold", Magnitude(0, 1, 4)),
    (r"(?:fiscal_?|model_?|release_?)?year", Magnitude(1990, 2025, 0)),
    (r"quarter", Magnitude(1, 4, 0)),
    (r"month", Magnitude(1, 12, 0)),
    (r"day_?of_?week|weekday|dow", Magnitude(0, 6, 0)),
    (r"week(?:_?number|_?no)?", Magnitude(1, 52, 0)),
    (r"day(?:_?of_?month)?", Magnitude(1, 28, 0)),
    (r"hour|hr", Magnitude(0, 23, 0)),
    (r"minute|second", Magnitude(0, 59, 0)),
    (r"port", Magnitude(1024, 49_151, 0)),
    (r"(?:min_?|max_?)?age", Magnitude(18, 80, 0)),
    (r"salary|income|annual_?\w*", Magnitude(28_000, 140_000, 0)),
    (r"budget|funding|turnover|market_?cap|valuation", Magnitude(5_000, 250_000, 0)),
    (
        _COUNTED,
        Magnitude(0, 2_000, 0, skewed=True),
    ),
    (r"(?:\w+_)?cents|(?:\w+_)?minor(?:_?units?)?|unit_amount", Magnitude(100, 50_000, 0, skewed=True)),
    (
        _MONEY,
        Magnitude(1, 500, 2, skewed=True),
    ),
    (r"quantity|qty|pieces|units?", Magnitude(1, 20, 0, skewed=True)),
    (r"stock|inventory|on_?hand", Magnitude(0, 500, 0)),
    (r"capacity|seats?|slots|limit|quota|max(?:imum)?|participants", Magnitude(1, 100, 0)),
    (r"attempts?|retr(?:y|ies)|failures?|errors?|warnings?", Magnitude(0, 5, 0, skewed=True)),
    (_SIZE, Magnitude(512, 5_000_000, 0, skewed=True)),
    (r"width|height|depth", Magnitude(10, 2_000, 1)),
    (r"weight|mass", Magnitude(0.1, 60, 2)),
    (r"distance|mileage|radius|km|miles", Magnitude(1, 400, 1)),
    (r"temperature|temp", Magnitude(-10, 35, 1)),
    (r"latency|elapsed|response_?time|(?:\w+_)?ms|millis(?:econds)?", Magnitude(5, 3_000, 0, skewed=True)),
    (r"minutes|mins", Magnitude(5, 180, 0)),
    (r"hours|hrs", Magnitude(1, 40, 1)),
    (r"days", Magnitude(1, 30, 0)),
    (r"weeks|months|years", Magnitude(1, 12, 0)),
    (r"duration|(?:\w+_)?seconds|secs|ttl|timeout|runtime|interval", Magnitude(10, 7_200, 0, skewed=True)),
    (_ORDER, Magnitude(1, 50, 0)),
    (r"priority|severity|difficulty|level|tier|grade|step", Magnitude(1, 5, 0)),
    (r"version|revision|generation", Magnitude(1, 9, 0)),
    (r"points?|score|karma|xp|reputation", Magnitude(0, 100, 0)),
    (r"floor|room|rooms|bedrooms|bathrooms|guests|children|adults", Magnitude(1, 6, 0)),
)  # fmt: skip
_BY_NAME = tuple((re.compile(rf"(?:^|_)(?:{pattern})(?:_|$)"), found) for pattern, found in _TABLE)


def magnitude_of(name: str) -> Magnitude | None:
    """The numbers that a name (in words, see `domains.words`) stands for; None where it says nothing."""
    return next((found for pattern, found in _BY_NAME if pattern.search(name)), None)
