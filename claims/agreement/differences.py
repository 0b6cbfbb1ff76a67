"""Whether the sources of a table differ at all: how long records must be before their differences tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.agreement.table import per_question, summed

if TYPE_CHECKING:
    from claims.agreement.table import Floats, Table


def telling_length(table: Table) -> float:
    """After how many assertions of a source what is its own in its agreement with others is as large as what
    is chance; infinite if the sources agree with one another as equally good ones would.

    If all who speak on a question are equally good, anybody may be the one who says what few say: how
    often a source agrees with the others then differs from the mean of those beside it by chance
    alone, whose size is known from how the votes split. What it differs beyond that is estimated by the
    method of moments (DerSimonian & Laird 1986): the sum of the squared differences, each in units of
    its chance variance, is the number of sources, and grows with the length of their records by as much
    as they differ. The mean of those beside it is what is compared with, and not the mean of all. So
    sources that are better only because their questions are easier, or their trade is, do not differ.
    """
    agreeing = np.maximum(table.votes - 1, 0.0)
    told = table.votes * agreeing
    spoken = np.maximum(table.spoken, 1.0)
    mean = per_question(table, told) / spoken
    chance = per_question(table, told * agreeing) / spoken - mean**2

    question = table.question_of_rows()
    more = summed(table.source, agreeing[table.candidate] - mean[question], table.sources)
    variance = summed(table.source, chance[question], table.sources)
    said = summed(table.source, None, table.sources)
    heard = variance > 1e-9
    beyond = float((more[heard] ** 2 / variance[heard] - 1).sum())
    return float(said[heard].sum() / beyond) if beyond > 0 else np.inf


def trust_of(said: Floats, familiar: float) -> Floats:
    """To what part the record of a source that has spoken so often is trusted: one half at ``familiar``.

    What can be seen of copying shows in what two sources both said, and grows with the square of how often
    they have spoken; it must be seen before records are trusted at all. So trust grows faster than the
    square at first; that it does with the third power was chosen (see ``Parameters.familiar``).
    """
    return np.asarray(said**3 / (said**3 + familiar**3))
