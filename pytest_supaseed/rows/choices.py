"""Columns that hold one of a few words: statuses by what a table's rows are, roles, priorities, plans.

A word that stands twice is twice as likely: most orders are paid for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.vocabularies import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part

STATUSES: Mapping[str, tuple[str, ...]] = {
    subject: words(vocabulary)
    for subjects, vocabulary in (
        (
            "order purchase sale checkout cart",
            "pending paid paid shipped shipped delivered delivered cancelled",
        ),
        (
            "payment charge transaction transfer payout",
            "succeeded succeeded succeeded pending failed refunded",
        ),
        ("refund return dispute claim", "requested approved approved rejected refunded"),
        ("invoice bill statement", "draft open paid paid paid overdue void"),
        ("subscription membership licence license", "active active active trialing past_due canceled"),
        ("shipment delivery package parcel", "preparing in_transit in_transit delivered delivered returned"),
        ("ticket issue case request incident bug", "open open in_progress resolved closed closed"),
        ("task todo subtask card milestone", "todo todo in_progress done done"),
        ("invitation invite", "pending pending accepted accepted declined expired"),
        (
            "job run build execution import export sync batch worker",
            "queued running completed completed failed",
        ),
        ("deployment release", "building ready ready failed rolled_back"),
        (
            "post article page story blog news content document",
            "draft published published published archived",
        ),
        ("comment review message reply", "visible visible visible hidden flagged"),
        ("campaign newsletter broadcast", "draft scheduled sending sent sent"),
        ("email sms notification delivery_attempt", "queued sent sent delivered delivered bounced failed"),
        ("webhook event log", "received processed processed failed"),
        (
            "booking reservation appointment meeting visit",
            "requested confirmed confirmed completed cancelled",
        ),
        ("project initiative goal", "planned active active on_hold completed"),
        ("user account member profile customer employee", "active active active invited suspended"),
        ("lead deal opportunity prospect", "new contacted qualified won lost"),
        ("application candidate submission", "submitted in_review accepted rejected withdrawn"),
        ("course lesson enrollment enrolment", "not_started in_progress completed completed"),
        ("device server node service host monitor", "online online online offline maintenance"),
        ("product item listing variant", "available available available out_of_stock discontinued"),
        ("upload file media asset video attachment", "uploading ready ready ready failed"),
        ("friendship friend follow connection", "pending accepted accepted blocked"),
        ("contract agreement quote proposal", "draft sent signed signed expired"),
        ("verification challenge", "pending verified verified failed expired"),
        ("auction bid", "open open won outbid closed"),
        ("vehicle room table property", "available available occupied maintenance"),
    )
    for subject in words(subjects)
}
"""Words for a status, by what a row of the table is."""

ORDINARY_STATUSES = words("active active pending archived")

CHOICES: Mapping[str, tuple[str, ...]] = {
    name: words(vocabulary)
    for name, vocabulary in {
        "action": "created updated updated deleted viewed exported",
        "algorithm": "SHA-256 SHA-256 SHA-512 RS256 ES256",
        "billing_interval": "month month year",
        "browser": "chromium firefox webkit",
        "card_brand": "visa mastercard amex",
        "category": "general design finance outdoors education travel health home",
        "channel": "email email sms push in_app",
        "device": "desktop desktop mobile mobile tablet",
        "direction": "inbound outbound",
        "environment": "production production staging development",
        "event": "user.created user.updated order.paid invoice.sent file.uploaded",
        "http_method": "GET GET POST PUT PATCH DELETE",
        "identity_provider": "email email phone saml",
        "kind": "standard standard basic custom special",
        "level": "beginner intermediate advanced",
        "log_level": "debug info info info warning error",
        "mode": "automatic manual",
        "operating_system": "linux macos windows android ios",
        "payment_method": "card card bank_transfer cash voucher",
        "permission": "projects.read projects.write members.invite billing.read billing.write "
        "settings.update",
        "plan": "free free starter pro enterprise",
        "platform": "web web ios android",
        "priority": "low normal normal high urgent",
        "resource": "project order invoice user document",
        "role": "member member member admin owner viewer",
        "severity": "minor minor major critical",
        "size": "S M M L XL",
        "skill": "writing drawing negotiation planning cooking bookkeeping carpentry teaching",
        "software": "webapp webapp mobile-client gateway backoffice",
        "source": "web web referral newsletter import api",
        "tag": "new popular sale limited featured local organic handmade",
        "theme": "light dark system",
        "visibility": "public private private unlisted",
        "weekday": "monday tuesday wednesday thursday friday saturday sunday",
    }.items()
}
"""Words by the choice's name."""


def choice(options: tuple[str, ...]) -> tuple[Part, ...]:
    """A part that is one of the options; where there is little room, one of those that fit."""
    return (lambda _row, draws: draws.pick(options), _fitting(options))


def _fitting(options: tuple[str, ...]) -> Part:
    shortest = tuple(option for option in options if len(option) == min(map(len, options)))

    def pick(_row: object, draws: Draws) -> str:
        return draws.pick(shortest)

    return pick


PARTS: Mapping[str, tuple[Part, ...]] = {name: choice(options) for name, options in CHOICES.items()}
"""Variants by the choice's name; the entity is the row's index."""
