"""Which tables get how many rows, in which order, made by which factory: decided purely, before any row."""
