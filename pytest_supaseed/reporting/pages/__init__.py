"""The report: one HTML file that holds all it shows, made from values."""
