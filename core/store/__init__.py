"""The only room with SQL: one SQLite file a workspace."""
