"""The learner's log: SQLite, append-only, every write committed at once."""
