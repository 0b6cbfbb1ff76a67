"""Answers by records that are given: learned on other questions, or counted on settled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.agreement.answers import Answers, Reasons, conclude
from claims.agreement.chunks import chunks_of, workers
from claims.agreement.parameters import DEFAULT
from claims.agreement.pattern import pattern_of
from claims.agreement.records import DENSE, Counts, against_of, chance_of, weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from claims.agreement.chunks import Chunk
    from claims.agreement.parameters import Parameters
    from claims.agreement.records import Records
    from claims.agreement.table import Column, Floats, Ints, Table


def weigh(
    table: Table,
    records: Records,
    numbers: Parameters = DEFAULT,
    *,
    shares: Floats | None = None,
    threads: int = 1,
) -> Answers:
    """Who is right, by the records of sources.

    The records must not rest on the questions of this table: nothing is left out here. Sources and labels are
    matched by name; one that the records do not know counts as the average source, or as a label that
    holds as often as chance has it.
    """
    sources = _matched(table.source_names, records.source_names)
    labels = _matched(table.label_names, records.label_names)
    chance = np.where(labels >= 0, records.chance[labels], chance_of(table))
    against = np.where(
        labels >= 0, records.against[labels], against_of(table, chance, records.mean, records.spread, numbers)
    )
    base = np.where(labels >= 0, records.base[labels], chance)
    said = np.where(sources >= 0, records.source_said[sources], 0.0)
    base_of_candidate = np.log(base / chance)[table.label]
    if table.closed:
        pattern = np.zeros(len(base_of_candidate))
    else:
        pattern = pattern_of(table).nats(records.spread, numbers.pattern)
    look_up = _weight_of_pairs(table, records, (sources, labels), (base, chance, against), numbers)

    def weight_of(chunk: Chunk) -> Floats:
        weight = look_up(table.source[chunk.rows], table.label[table.candidate[chunk.rows]])
        return weight if shares is None else weight * shares[chunk.rows]

    reasons = Reasons(base_of_candidate, pattern, said, weight_of, records)
    with workers(threads) as run:
        return conclude(table, reasons, numbers, shares, run, chunks_of(table))


def _matched(names: Column, known: Column) -> Ints:
    """For each name its index among the known ones, or -1."""
    place = {name: index for index, name in enumerate(known)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _weight_of_pairs(
    table: Table,
    records: Records,
    matched: tuple[Ints, Ints],
    rates: tuple[Floats, Floats, Floats],
    numbers: Parameters,
) -> Callable[[Ints, Ints], Floats]:
    """What an assertion weighs by its source and label: worked out once for each pair, then looked up."""
    labels = max(1, table.labels)
    dense = table.sources * labels <= DENSE
    if dense:
        key = np.arange(table.sources * labels)
    else:
        key = np.unique(table.source.astype(np.int64) * labels + table.label[table.candidate])
    counts = _counts(key // labels, key % labels, records, matched, rates)
    weight = weights(counts, np.arange(len(key)), 0.0, 0.0, numbers)

    def look_up(source: Ints, label: Ints) -> Floats:
        pair = source.astype(np.int64) * labels + label
        return np.asarray(weight[pair if dense else np.searchsorted(key, pair)])

    return look_up


def _counts(
    source: Ints,
    label: Ints,
    records: Records,
    matched: tuple[Ints, Ints],
    rates: tuple[Floats, Floats, Floats],
) -> Counts:
    """The given records of pairs of a table's source and label; nothing counted where there is no record."""
    known_source, known_label = matched[0][source], matched[1][label]
    own = records.source * len(records.label_names) + records.label
    wanted = known_source * len(records.label_names) + known_label
    at = np.minimum(np.searchsorted(own, wanted), len(own) - 1)
    cell = (known_source >= 0) & (known_label >= 0) & (own[at] == wanted)
    heard = known_source >= 0
    base, chance, against = rates
    return Counts(
        right=np.where(cell, records.right[at], 0.0),
        said=np.where(cell, records.said[at], 0.0),
        holds=np.where(cell, records.holds[at], 0.0),
        spoke=np.where(cell, records.spoke[at], 0.0),
        source_right=np.where(heard, records.source_right[known_source], 0.0),
        source_said=np.where(heard, records.source_said[known_source], 0.0),
        base=base[label],
        odds=((1 - chance) / chance)[label],
        against=against[label],
        mean=records.mean,
    )
