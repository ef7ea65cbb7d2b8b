"""The journal: what was said, signed, in order, sealed and provable; on SQLite or PostgreSQL."""
