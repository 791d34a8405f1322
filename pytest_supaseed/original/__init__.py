"""The original tool's `supa-seed.config.json`: what it says, in options of ours."""
