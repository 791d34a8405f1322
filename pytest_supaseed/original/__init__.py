"""The original tool's `supa-seed.config.json`: what it says, in options of ours."""

from __future__ import annotations

FILE_NAME = "supa-seed.config.json"
