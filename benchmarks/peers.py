"""Other ways to say who is right, for comparison only: a few lines each, or crowd-kit if installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.agreement import Table

    Floats = NDArray[np.float64]

CROWDKIT = ("DawidSkene", "OneCoinDawidSkene", "GLAD", "MACE")
DAMPING = 0.3
SLOW_ROWS = 20_000
"""GLAD and MACE take minutes on larger tables."""


def vote_share(table: Table) -> Floats:
    """Per candidate: its share of the votes on its question."""
    return table.votes / np.repeat(table.spoken, table.size)


def truth_finder(table: Table, rounds: int = 20) -> Floats:
    """A rule like TruthFinder's (Yin, Han & Yu 2008), without similarity between answers: an answer is as
    sure as the chance that not all who give it are wrong; a source is trusted as its answers are sure."""
    trust = np.full(table.sources, 0.9)
    said = np.maximum(np.bincount(table.source, minlength=table.sources), 1)
    sure = vote_share(table)
    for _ in range(rounds):
        doubt = -np.log1p(-np.minimum(trust, 0.999999))
        total = np.bincount(table.candidate, doubt[table.source], len(table.question))
        sure = 1 / (1 + np.exp(-DAMPING * total))
        trust = np.bincount(table.source, sure[table.candidate], table.sources) / said
    return sure / np.repeat(np.add.reduceat(sure, table.first), table.size)


def crowd_kit(name: str, table: Table) -> Floats | None:
    """The probabilities that one of crowd-kit's methods gives; None where it is not installed or fails."""
    try:
        import crowdkit.aggregation
        import pandas as pd
    except ImportError:
        return None
    frame = pd.DataFrame(
        {
            "task": table.question[table.candidate],
            "worker": table.source,
            "label": table.label[table.candidate],
        }
    )
    try:
        method: Any = getattr(crowdkit.aggregation, name)()
        found = method.fit_predict_proba(frame).to_numpy()
        order = method.probas_
    except Exception as trouble:  # noqa: BLE001 - whatever a peer trips over, the table says it failed
        print(f"  (crowd-kit {name}: {type(trouble).__name__})")
        return None
    row = {task: at for at, task in enumerate(order.index)}
    column = {label: at for at, label in enumerate(order.columns)}
    at = [row[task] for task in table.question]
    return np.array(
        [
            found[i, column[label]] if label in column else 0.0
            for i, label in zip(at, table.label, strict=True)
        ]
    )


def crowd_kit_is_here() -> bool:
    """Whether crowd-kit can be imported."""
    try:
        import crowdkit.aggregation  # noqa: F401
    except ImportError:
        return False
    return True
