"""What a schema was made with, and what its tables are called."""
