"""The markers, as `pytest --markers` shows them; `markers` reads what they ask for.

By themselves, since every pytest run declares them, and few read one.
"""

from __future__ import annotations

FRAMEWORK_MARKERS = ("makerkit", "basejump", "supabase")
MARKERS = (
    (
        "supaseed(users=, rows={table: count}, seed=, locale=, domain=, framework=, triggers=, map=,"
        " strategy=, additional=, user_kinds=, password=, personas=, isolation=): other data"
    ),
    *(f"{name}: the schema is that of {name}, whatever it looks like" for name in FRAMEWORK_MARKERS),
)
