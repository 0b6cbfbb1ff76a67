"""Wikidata: statements of items read as claims, and claims written as statements or as QuickStatements."""
