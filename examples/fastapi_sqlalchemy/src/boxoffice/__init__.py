"""Box office: events, and tickets for them. A small web service on FastAPI and SQLAlchemy 2."""
