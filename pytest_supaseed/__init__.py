"""pytest-supaseed: a private, real, seeded Postgres database for every test.

What is exported is imported when it is first used (PEP 562): a suite that never asks for `supaseed_db` pays
nothing for our being installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.errors import (
        CatalogError,
        DatasetError,
        EndpointError,
        GuessedNameWarning,
        LoadError,
        MappingError,
        OpenConnectionWarning,
        PlanError,
        SchemaError,
        SupaseedError,
        SupaseedWarning,
        UnusedSettingWarning,
        UsageError,
    )
    from pytest_supaseed.isolation.acting import Acting
    from pytest_supaseed.isolation.leak_report import TenantLeakError
    from pytest_supaseed.isolation.policy_review import PolicyReview
    from pytest_supaseed.isolation.row_sets import RowSet, SeededUsers
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.mapping.framework import Candidate, Framework, Part
    from pytest_supaseed.rows.declarations import Parent
    from pytest_supaseed.rows.derived_column import Derived
    from pytest_supaseed.rows.factories import TableFactory
    from pytest_supaseed.rows.one_time_codes import TOTP_SECRET, totp_code
    from pytest_supaseed.rows.row import Row

    __version__: str

_HOMES = {
    "Acting": "isolation.acting",
    "Candidate": "mapping.framework",
    "CatalogError": "errors",
    "DatasetError": "errors",
    "Derived": "rows.derived_column",
    "EndpointError": "errors",
    "Framework": "mapping.framework",
    "GuessedNameWarning": "errors",
    "LoadError": "errors",
    "MappingError": "errors",
    "OpenConnectionWarning": "errors",
    "Parent": "rows.declarations",
    "Part": "mapping.framework",
    "PlanError": "errors",
    "PolicyReview": "isolation.policy_review",
    "Row": "rows.row",
    "RowSet": "isolation.row_sets",
    "SchemaError": "errors",
    "SeededDatabase": "isolation.seeded_database",
    "SeededUsers": "isolation.row_sets",
    "SupaseedError": "errors",
    "SupaseedWarning": "errors",
    "TOTP_SECRET": "rows.one_time_codes",
    "TableFactory": "rows.factories",
    "TenantLeakError": "isolation.leak_report",
    "UnusedSettingWarning": "errors",
    "UsageError": "errors",
    "totp_code": "rows.one_time_codes",
}

__all__ = [  # the names are checked against `_HOMES` by a test
    "TOTP_SECRET",
    "Acting",
    "Candidate",
    "CatalogError",
    "DatasetError",
    "Derived",
    "EndpointError",
    "Framework",
    "GuessedNameWarning",
    "LoadError",
    "MappingError",
    "OpenConnectionWarning",
    "Parent",
    "Part",
    "PlanError",
    "PolicyReview",
    "Row",
    "RowSet",
    "SchemaError",
    "SeededDatabase",
    "SeededUsers",
    "SupaseedError",
    "SupaseedWarning",
    "TableFactory",
    "TenantLeakError",
    "UnusedSettingWarning",
    "UsageError",
    "__version__",
    "totp_code",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        found: object = version("pytest-supaseed")
    elif name in _HOMES:
        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
