"""What a framework plug-in is written with: a `Framework`, its facts, what it calls its tables, its data.

```python
from pytest_supaseed.frameworks import SUPABASE, Candidate, Framework, Part, function, relation

crm = Framework(
    name="crm",
    title="CRM",
    fingerprints=(relation("crm", "deals", "stage"), function("crm", "close_deal")),
    builds_on=SUPABASE,
    tables={"deals": (Candidate("crm", "deals"),)},
    recipe=(Part("deals", "crm_supaseed.factories:DealFactory", rows=lambda users: 3 * users),),
)
```

A distribution registers it by an entry point of the group `pytest_supaseed.frameworks`.
"""

from __future__ import annotations

from pytest_supaseed.mapping.fingerprints import (
    Fingerprint,
    column_of_type,
    function,
    insert_trigger,
    no_column,
    no_relation,
    relation,
    role,
    schema,
)
from pytest_supaseed.mapping.framework import Candidate, Framework, Part
from pytest_supaseed.mapping.known_frameworks import (
    BASEJUMP,
    MAKERKIT,
    MAKERKIT_LITE,
    MAKERKIT_V1,
    POSTGRES,
    SUPABASE,
)

__all__ = [
    "BASEJUMP",
    "MAKERKIT",
    "MAKERKIT_LITE",
    "MAKERKIT_V1",
    "POSTGRES",
    "SUPABASE",
    "Candidate",
    "Fingerprint",
    "Framework",
    "Part",
    "column_of_type",
    "function",
    "insert_trigger",
    "no_column",
    "no_relation",
    "relation",
    "role",
    "schema",
]
