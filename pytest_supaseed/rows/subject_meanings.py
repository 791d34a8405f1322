"""Words such as `name`, `code` or `url`, which mean one thing or another by whose they are.

Whose: the word before them (`country_code`), or else what a row of the table is (`code` in `countries`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PEOPLE = (
    "person user member customer contact author employee profile client guest owner patient student "
    "teacher subscriber lead candidate applicant attendee participant speaker passenger driver player "
    "artist reviewer sender recipient manager staff worker instructor tenant_user buyer seller host parent "
    "child beneficiary actor payer payee cardholder holder creator editor assignee reporter signer witness "
    "doctor agent friend follower recruiter admin administrator operator visitor donor volunteer"
)
COMPANIES = (
    "company organization vendor supplier employer business firm merchant manufacturer brand publisher "
    "agency partner sponsor store shop restaurant hotel bank school university clinic hospital carrier"
)
TEAMS = "team workspace group squad tenant club crew guild community account"
PRODUCTS = "product item good merchandise listing variant article_item gear equipment part inventory asset"
TASKS = "task todo issue ticket bug milestone subtask card checklist step action_item request incident job"
ARTICLES = (
    "post article page story blog news book movie film video event course lesson document report episode "
    "chapter newsletter campaign webinar announcement survey poll song album track talk session discussion "
    "thread topic recipe bookmark template presentation notification"
)
IMAGES = (
    "image picture photo avatar logo thumbnail cover banner icon poster screenshot favicon thumb portrait "
    "background illustration preview"
)
FILES = "file attachment document upload asset media object download export import backup invoice receipt pdf"
MESSAGES = "message comment reply chat note feedback conversation review inbox"


def _subjects(listed: Mapping[str, str]) -> dict[str, str]:
    return {subject: meaning for meaning, subjects in listed.items() for subject in subjects.split()}


_NAMES = _subjects(
    {
        "title label": "project setup playlist collection list board space form view dashboard segment room "
        "venue type kind alias template version",
        "title article": ARTICLES,
        "title task": TASKS,
        "title product": PRODUCTS,
        "company": COMPANIES,
        "team": TEAMS,
        "full_name": PEOPLE,
        "country": "country",
        "city": "city town",
        "region": "region state province county",
        "currency": "currency",
        "language_name": "language locale",
        "time_zone": "zone",
        "category": "category genre subcategory section classification",
        "tag": "tag label keyword topic badge",
        "role": "role",
        "permission": "permission scope privilege ability",
        "plan": "plan tier subscription price pricing",
        "image file_name": IMAGES,
        "file file_name": "file attachment upload object blob backup media",
        "colour_name": "colour",
        "status": "status state stage",
        "department": "department division",
        "industry": "industry sector",
        "skill": "skill specialty",
        "host": "host server node machine domain",
        "unit": "unit",
        "channel": "channel",
        "event": "webhook trigger",
        "weekday": "weekday",
        "street_name": "street",
        "job_title": "position occupation",
        "location": "location place address warehouse branch",
        "payment_method": "method",
        "word": "setting variable key property attribute parameter option feature flag",
    }
)

BY_SUBJECT: Mapping[str, Mapping[str, str]] = {
    "name": {**_NAMES, "": "title label"},
    "label": {**_NAMES, "": "title label"},
    "title": {
        **_subjects(
            {
                "job_title": "job position vacancy employee staff person contact user profile member",
                "title task": "task todo issue ticket bug milestone subtask card checklist step request "
                "incident",
                "title product": PRODUCTS,
                "title article": ARTICLES,
                "title label": "setup project board list collection",
            }
        ),
        "": "title article",
    },
    "headline": {"": "title article"},
    "heading": {"": "title article"},
    "subject": {**_subjects({"title task": TASKS}), "": "title article"},
    "code": {
        **_subjects(
            {
                "country_code": "country nation",
                "currency": "currency",
                "language": "language",
                "locale": "locale",
                "region_code": "region state province",
                "discount_code": "coupon discount promotion promo voucher referral gift",
                "sku": "product item variant",
                "pin": "verification otp challenge",
                "token": "invitation invite auth authorization session",
            }
        ),
        "": "code",
    },
    "url": {
        **_subjects(
            {
                "image file_url": IMAGES,
                "file file_url": FILES,
                "video file_url": "video trailer movie clip",
                "audio file_url": "audio song track podcast episode recording",
                "company_website": COMPANIES,
                "webhook_url": "webhook hook",
                "repository_url": "repository repo git",
            }
        ),
        "": "url",
    },
    "path": {**_subjects({"image file_path": IMAGES, "file file_path": FILES}), "": "page_path"},
    "key": {
        **_subjects(
            {
                "file file_path": "file object storage attachment upload s3 image",
                "token": "api secret access private public license session auth encryption",
                "permission": "permission",
            }
        ),
        "": "slug",
    },
    "address": {
        **_subjects({"ip": "network", "hash": "wallet contract blockchain", "email": "email"}),
        "": "address",
    },
    "number": {
        **_subjects(
            {"phone": "contact emergency whatsapp", "house_number": "address", "bank_account": "bank iban"}
        ),
        "": "number",
    },
    "position": {**_subjects({"job_title": f"job vacancy {PEOPLE}"}), "": "quantity"},
    "type": {
        **_subjects(
            {"action": "log history audit event", "file media_sort": FILES, "card_brand": "creditcard"}
        ),
        "": "kind",
    },
    "content": {**_subjects({"message": MESSAGES}), "": "paragraph"},
    "body": {**_subjects({"message": MESSAGES}), "": "paragraph"},
    "text": {**_subjects({"message": MESSAGES, "question": "question"}), "": "paragraph"},
    "level": {**_subjects({"log_level": "log entry"}), "": "level"},
    "method": {**_subjects({"http_method": "http request log endpoint"}), "": "payment_method"},
    "from": {**_subjects({"email": "email mail message"}), "": "location"},
    "to": {**_subjects({"email": "email mail message"}), "": "location"},
    "iso": {"": "country_code"},
    "email": {**_subjects({"company_email": COMPANIES}), "": "email"},
    "first": {"": "first_name"},
    "last": {"": "last_name"},
}
"""For words whose meaning depends on a subject; the empty subject is the rest."""

PLACE_WORDS = frozenset({("city",), ("town",), ("postcode",), ("street",)})
"""Where a table has columns of these words, its `state` is a region and its `address` a street."""
PLACE_SUBJECTS = frozenset(
    {"address", "location", "city", "country", "place", "warehouse", "branch", "shipping", "billing"}
)
"""What rows have regions and no status."""
NOT_COUNTED = frozenset({"phone", "street", "second_line", "address", "first_name", "last_name"})
"""Meanings of which a row has several that belong to one person or place all the same."""
FILE_SORTS: Mapping[str, str] = {
    **dict.fromkeys(IMAGES.split(), "image"),
    **dict.fromkeys(("video", "movie", "clip", "trailer"), "video"),
    **dict.fromkeys(("audio", "song", "track", "podcast", "recording"), "audio"),
}
"""The sort of file that rows of a table are."""
PERSON_PHRASES = (
    ("first", "name"),
    ("last", "name"),
    ("birthday",),
    ("date", "of", "birth"),
    ("job", "title"),
)
"""Where a table has such columns, its `name` is a person's."""
