"""A `supa-seed.config.json` with all that the original documents."""

from __future__ import annotations

from typing import Any

FULL: dict[str, Any] = {
    "supabaseUrl": "http://127.0.0.1:54321",
    "supabaseServiceKey": "secret-key",
    "environment": "local",
    "userCount": 12,
    "setupsPerUser": 2,
    "imagesPerSetup": 1,
    "enableRealImages": False,
    "seed": "supa-seed-2025",
    "emailDomain": "supaseed.test",
    "domain": "outdoor",
    "createStandardTestEmails": False,
    "customTestEmails": ["a@example.com"],
    "createTeamAccounts": True,
    "testUserPassword": "password123",
    "userStrategy": "hybrid",
    "existingUsers": {
        "preserve": True,
        "table": "accounts",
        "filter": {"is_personal_account": True},
        "idField": "id",
    },
    "additionalUsers": {
        "count": 7,
        "personas": ["casual_user", {"type": "expert_user", "weight": 2}],
        "authIntegration": "supabase",
    },
    "schema": {
        "framework": "makerkit",
        "primaryUserTable": "accounts",
        "userTable": {
            "name": "accounts",
            "emailField": "email",
            "idField": "id",
            "nameField": "name",
            "pictureField": "picture_url",
        },
        "setupTable": {
            "name": "setups",
            "userField": "account_id",
            "titleField": "title",
            "descriptionField": "notes",
            "publicField": "is_public",
        },
        "baseTemplateTable": {
            "name": "base_templates",
            "descriptionField": "description",
            "typeField": "kind",
        },
        "optionalTables": {"gearItems": {"enabled": True, "autoCreate": False}},
        "multiTenant": {"enabled": True},
        "frameworkStrategy": {"enabled": True},
    },
    "tables": {
        "setups": {"count": 8, "categories": ["overlanding", "van-life"]},
        "gear": {
            "count": 25,
            "forceGeneration": True,
            "categoryStrategy": "enum",
            "enumCategories": ["camping", "cooking"],
        },
    },
    "storage": {"buckets": {"setupImages": "setup-images"}, "autoCreate": True},
    "seeders": {"enabled": ["auth"]},
    "mfa": {"enabled": True},
}
"""Every key that the original documents, as it writes them."""
