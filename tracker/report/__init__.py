"""Reports: what was read, as models, as JSON, and as words. Knows no database."""
