"""The contradiction rules: which claims cannot both hold, which lean on others, and why."""

from __future__ import annotations

from claims.resolve.rules.questions import answer_of
from claims.resolve.rules.registry import RULES, check_rule, default_strengths, find_leans, find_ties
from claims.resolve.rules.rule import Rule
from claims.resolve.rules.spans import chance_of_later

__all__ = [
    "RULES",
    "Rule",
    "answer_of",
    "chance_of_later",
    "check_rule",
    "default_strengths",
    "find_leans",
    "find_ties",
]
