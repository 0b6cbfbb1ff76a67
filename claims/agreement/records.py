"""How each source fared, label by label, and what an assertion weighs by that record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.parameters import DEFAULT
from claims.agreement.pattern import pattern_of
from claims.agreement.table import per_candidate, summed

if TYPE_CHECKING:
    from claims.agreement.parameters import Parameters
    from claims.agreement.table import Column, Floats, Ints, Table

DENSE = 4_000_000
"""Up to this many pairs of source and label are numbered by a table, more by sorting."""

LONG = 1000
"""From so many assertions with one label on, a record is long."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The pairs of source and label that occur. ``of_row``: the cell of each row; ``source``, ``label``
    and ``said`` (rows, or shares of rows) of each cell; ``source_said`` the same of each source."""

    of_row: Ints
    source: Ints
    label: Ints
    said: Floats
    source_said: Floats

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True)
class Records:
    """How sources fared. Counts are soft: an answer held with 80 % counts for 0.8.

    For each cell (a ``source`` with a ``label``, indices into the names): ``right`` of ``said``
    assertions hold, and the label holds on ``holds`` of the ``spoke`` questions on which it stood
    and the source spoke. ``source_right`` of ``source_said`` over all labels, per source; ``mean`` is the
    average source's share. Per label: its ``base`` rate, ``chance`` (one over the number of candidates), and
    ``against`` (see ``against_of``).
    ``spread``: how many kinds of errors there are to make. ``familiar``: how often a source must have
    spoken for its record to be trusted by half.
    """

    source_names: Column
    label_names: Column
    source: Ints
    label: Ints
    right: Floats
    said: Floats
    holds: Floats
    spoke: Floats
    source_right: Floats
    source_said: Floats
    mean: float
    base: Floats
    chance: Floats
    against: Floats
    spread: float
    familiar: float

    def place(self, source: Any, label: Any) -> int | None:
        """The cell of a source with a label, by their names; None if there is none."""
        for cell in np.flatnonzero(self.source == list(self.source_names).index(source)):
            if self.label_names[int(self.label[cell])] == label:
                return int(cell)
        return None


@dataclass(frozen=True, slots=True)
class Counts:
    """All that the weight of an assertion depends on, one entry for each cell. ``odds``: the odds
    against the label by chance; the rest as in ``Records``."""

    right: Floats
    said: Floats
    holds: Floats
    spoke: Floats
    source_right: Floats
    source_said: Floats
    base: Floats
    odds: Floats
    against: Floats
    mean: float


def counts_of(records: Records) -> Counts:
    """The counts of the records' own cells."""
    return Counts(
        right=records.right,
        said=records.said,
        holds=records.holds,
        spoke=records.spoke,
        source_right=records.source_right[records.source],
        source_said=records.source_said[records.source],
        base=records.base[records.label],
        odds=((1 - records.chance) / records.chance)[records.label],
        against=records.against[records.label],
        mean=records.mean,
    )


def weights(
    counts: Counts, cell: Ints, own: Floats | float, part: Floats | float, numbers: Parameters
) -> Floats:
    """What assertions of these cells weigh, in nats: logit(right) - logit(base).

    ``right`` is the share of the source's *other* assertions with that label that hold, ``base`` the share
    of the other questions it spoke on where the label holds. By Bayes' rule that difference is
    log P(says it | holds) / P(says it | does not), of a source with two rates (Dawid & Skene 1979).
    So whoever always says the same weighs nothing. Both are shrunk: from the cell to what the
    source's overall record would give for this label, and from there to the average source.
    ``own`` is what each row itself put into the right ones, ``part`` into those said; zeros where the records
    come from elsewhere.
    """
    overall = (counts.source_right[cell] - own + numbers.source_prior * counts.mean) / (
        counts.source_said[cell] - part + numbers.source_prior
    )
    np.clip(overall, numbers.floor, 1 - numbers.floor, out=overall)
    base = (counts.holds[cell] - own + numbers.spoke_prior * counts.base[cell]) / (
        counts.spoke[cell] - part + numbers.spoke_prior
    )
    np.clip(base, 1e-6, 1 - 1e-6, out=base)
    # The base odds of the label where the source spoke, against chance.
    odds = base / (1 - base) * counts.odds[cell]
    carried = overall * odds
    carried /= carried + 1 - overall
    right = (counts.right[cell] - own + numbers.label_prior * carried) / (
        counts.said[cell] - part + numbers.label_prior
    )
    np.clip(right, numbers.floor, 1 - numbers.floor, out=right)
    return np.asarray(np.log(right / ((1 - right) * odds)) + counts.against[cell])


class Weigher:
    """The weights of many rows by the same counts, each row left out of them.

    Leaving one row out of a long record changes its weight so little that a straight line serves: between
    what it would be if the row held for certain and if not. At 1,000 assertions and a rate of .95 that is
    exact to 0.0001 nats. Short records are worked out row by row.
    """

    def __init__(self, counts: Counts, numbers: Parameters) -> None:
        self._counts = counts
        self._numbers = numbers
        self._short = counts.said < LONG
        self._any_short = bool(self._short.any())
        cell = np.arange(len(counts.said))
        self._whole = weights(counts, cell, 0.0, 0.0, numbers)
        wrong = weights(counts, cell, 0.0, 1.0, numbers)
        self._by_part = wrong - self._whole
        self._by_own = weights(counts, cell, 1.0, 1.0, numbers) - wrong
        self._entire = wrong

    def weigh(self, cell: Ints, own: Floats, part: Floats | float) -> Floats:
        """The weights of rows of these cells; ``own`` and ``part`` as in ``weights``, ``part`` being an
        array or 1."""
        if isinstance(part, np.ndarray):
            weight = self._whole[cell] + self._by_part[cell] * part
        else:
            weight = self._entire[cell]
        weight += self._by_own[cell] * own
        if not self._any_short:
            return weight
        short = np.flatnonzero(self._short[cell])
        if len(short):
            part_of = part[short] if isinstance(part, np.ndarray) else part
            weight[short] = weights(self._counts, cell[short], own[short], part_of, self._numbers)
        return weight


def cells_of(table: Table, shares: Floats | None = None) -> Cells:
    """The cells of a table; with ``shares``, each row counts for its share."""
    pair = table.source.astype(np.int64) * table.labels + table.label[table.candidate]
    if table.sources * table.labels <= DENSE:
        key = np.flatnonzero(summed(pair, None, table.sources * table.labels))
        place = np.zeros(table.sources * table.labels, dtype=np.int32)
        place[key] = np.arange(len(key))
        row_cell: Ints = place[pair]
    else:
        key, inverse = np.unique(pair, return_inverse=True)
        row_cell = inverse.astype(np.int32)
    source, label = key // max(1, table.labels), key % max(1, table.labels)
    said = summed(row_cell, shares, len(key))
    return Cells(row_cell, source, label, said, summed(source, said, table.sources))


def chance_of(table: Table) -> Floats:
    """Per label: one over the number of candidates, on average over the questions where it stands."""
    stands = np.maximum(summed(table.label, None, table.labels), 1)
    alone = per_candidate(table, 1 / np.maximum(table.size, 2.0))
    return np.asarray(summed(table.label, alone, table.labels) / stands)


def against_of(table: Table, chance: Floats, mean: float, spread: float, numbers: Parameters) -> Floats:
    """Per label: the nats that an assertion gains because it speaks against the other candidates too.

    In a closed table these are the log-odds against the label by chance; 0 where there are two. Among free
    answers the pattern says it, but is believed in part only. So what the average source says must weigh
    at least the other part of what naming one of 1 + ``spread`` kinds of errors would tell. Without
    that, sources that are right less than half of the time would count against what they say.
    """
    if table.closed:
        return np.asarray(np.log((1 - chance) / chance))
    least = (1 - numbers.pattern) * np.log1p(spread)
    average = np.log(mean / (1 - mean)) if 0 < mean < 1 else least
    return np.full(len(chance), max(0.0, float(least - average)))


class Spoken:
    """On how many questions that a source spoke on each of its labels stood, and on how many it holds."""

    def __init__(self, table: Table, cells: Cells, shares: Floats | None = None) -> None:
        self._binary = table.binary
        self._cells = cells
        if table.binary:
            self._other = _other_label(cells)
            self.spoke = cells.said + self._of_other(cells.said)
            return
        self._cell, self._rival, row = _stood(table, cells)
        self._part = None if shares is None else shares[row]
        self.spoke = summed(self._cell, self._part, len(cells))

    def holds(self, probability: Floats, right: Floats) -> Floats:
        """Per cell: on how many of those questions its label holds, by the candidates' probabilities."""
        if self._binary:
            # Where the source named the other label, this one holds as far as that one does not.
            return np.asarray(right + self._of_other(self._cells.said - right))
        held = probability[self._rival]
        if self._part is not None:
            held = held * self._part
        return summed(self._cell, held, len(self._cells))

    def _of_other(self, values: Floats) -> Floats:
        return np.where(self._other >= 0, values[self._other], 0.0)


def _other_label(cells: Cells) -> Ints:
    """For each cell of a two-label table the cell of the same source with the other label, or -1."""
    place = np.full(2 * len(cells.source_said), -1)
    place[cells.source * 2 + cells.label] = np.arange(len(cells))
    return np.asarray(place[cells.source * 2 + 1 - cells.label])


def _stood(table: Table, cells: Cells) -> tuple[Ints, Ints, Ints]:
    """Every candidate of every question that a source spoke on, where the source has a record with that
    label: the cell, the candidate, and the row by which the source spoke."""
    question = table.question_of_rows()
    many = table.size[question]
    row = np.repeat(np.arange(table.rows), many)
    step = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    rival = table.first[question][row] + step
    key = cells.source * table.labels + cells.label
    pair = table.source[row].astype(np.int64) * table.labels + table.label[rival]
    at = np.minimum(np.searchsorted(key, pair), len(key) - 1)
    known = key[at] == pair
    return at[known], rival[known], row[known]


def tally(
    table: Table,
    cells: Cells,
    spoken: Spoken,
    right: Floats,
    probability: Floats,
    numbers: Parameters,
    *,
    chance: Floats,
    familiar: float,
    spread: float = 1.0,
) -> Records:
    """Records from the soft counts of right assertions per cell and the candidates' probabilities."""
    source_right = summed(cells.source, right, table.sources)
    spoke = cells.source_said > 0
    said = cells.source_said[spoke]
    # A mean of sources, not of rows: one busy source must not speak for all.
    trust = said / (said + numbers.source_prior)
    mean = float((source_right[spoke] / said * trust).sum() / max(trust.sum(), 1e-300))
    stands = summed(table.label, None, table.labels)
    base = summed(table.label, probability, table.labels) + numbers.base_prior * chance
    return Records(
        source_names=table.source_names,
        label_names=table.label_names,
        source=cells.source,
        label=cells.label,
        right=right,
        said=cells.said,
        holds=spoken.holds(probability, right),
        spoke=spoken.spoke,
        source_right=source_right,
        source_said=cells.source_said,
        mean=mean,
        base=base / (np.maximum(stands, 1e-9) + numbers.base_prior),
        chance=chance,
        against=against_of(table, chance, mean, spread, numbers),
        spread=spread,
        familiar=familiar,
    )


def settled_records(table: Table, holds: Floats, numbers: Parameters = DEFAULT) -> Records:
    """Records from questions that are settled: ``holds`` is 1 for each candidate that turned out right, 0
    for the others. For ``weigh``, on questions that are not among these."""
    cells = cells_of(table)
    right = summed(cells.of_row, holds[table.candidate], len(cells))
    spread = 1.0 if table.closed else pattern_of(table).spread(holds)
    return tally(
        table,
        cells,
        Spoken(table, cells),
        right,
        holds,
        numbers,
        chance=chance_of(table),
        familiar=numbers.familiar,
        spread=spread,
    )
