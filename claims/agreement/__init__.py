"""Who is right, from the pattern of agreement alone: records of sources learned without labels."""

from __future__ import annotations

from claims.agreement.answers import Answers, Explained, Row
from claims.agreement.groups import count_once, membership, shares
from claims.agreement.learning import learn
from claims.agreement.marking import Marks, mark
from claims.agreement.parameters import DEFAULT, Parameters
from claims.agreement.records import Records, settled_records
from claims.agreement.resolving import Resolved, resolve
from claims.agreement.syndicates import Suspicion, find_syndicates
from claims.agreement.table import Table, tabulate
from claims.agreement.weighing import weigh

__all__ = [
    "DEFAULT",
    "Answers",
    "Explained",
    "Marks",
    "Parameters",
    "Records",
    "Resolved",
    "Row",
    "Suspicion",
    "Table",
    "count_once",
    "find_syndicates",
    "learn",
    "mark",
    "membership",
    "resolve",
    "settled_records",
    "shares",
    "tabulate",
    "weigh",
]
