"""The store: the database, and the only place where SQL is spoken."""
