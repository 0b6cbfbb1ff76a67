"""Formats: one module each, that reads or writes a form of the record and knows no database."""
