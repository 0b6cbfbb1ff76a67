"""Reads the public sets of who says what: the ladder, rumours, and flights with their many forms of time."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.agreement import mark, tabulate
from tracker.formats.flights import values

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from claims.agreement import Answers, Table

SETS = ("rte", "bluebird", "book", "population", "birthplaces", "heritages")
DAYS = ("20111201", "20111202", "20111203")


@dataclass(frozen=True, slots=True)
class Gold:
    """A table of who says what, and the true label of some of its questions."""

    table: Table
    truth: dict[str, str]

    def accuracy(self, answers: Answers) -> float:
        """The share of known questions that are answered rightly; ties count as a random choice would."""
        return self.accuracy_of_score(answers.score)

    def precision(self, answers: Answers) -> float:
        """The share answered rightly of the known questions that are not contested."""
        return mark(answers.table, answers.score, self.truth).precision or 0.0

    def accuracy_of_score(self, score: NDArray[np.float64]) -> float:
        """The accuracy of whatever gives each candidate a score."""
        return mark(self.table, score, self.truth).accuracy or 0.0

    def majority(self) -> float:
        """The same of the majority of votes."""
        return self.accuracy_of_score(self.table.votes)


def ladder(data: Path, name: str) -> Gold:
    """One set of the ladder; ``data`` is the folder that holds ``ladder/`` and ``flight/``."""
    with gzip.open(data / "ladder" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [(row["item"], row["value"], row["source"]) for row in csv.DictReader(file)]
    with (data / "ladder" / f"{name}-gold.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["item"]: row["value"] for row in csv.DictReader(file)}
    return Gold(tabulate(*zip(*rows, strict=True)), truth)


def flight(data: Path, *, gates: bool = True) -> Gold:
    """Three days of flights, times to the minute, with or without gates; gates are compared by
    letters and digits alone."""
    rows: list[tuple[str, str, str]] = []
    truth: dict[str, str] = {}
    for day in DAYS:
        with gzip.open(
            data / "flight" / f"{day}-claims.txt.gz", "rt", encoding="utf-8", errors="replace"
        ) as file:
            for line in file:
                source, name, *_ = fields = line.rstrip("\n").split("\t")
                rows.extend(
                    (f"{day} {name} {what}", said, source) for what, said in values(fields, gates=gates)
                )
        gold = data / "flight" / f"{day}-gold.txt"
        for line in gold.read_text(encoding="utf-8", errors="replace").splitlines():
            fields = ["gold", *line.split("\t")]
            truth |= {f"{day} {fields[1]} {what}": said for what, said in values(fields, gates=gates)}
    return Gold(tabulate(*zip(*rows, strict=True)), truth)


def emergent(data: Path) -> Gold:
    """Rumours that a newsroom followed: articles for and against, and those that were settled."""
    with (data / "emergent" / "emergent-dev.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    said = {"for": "true", "against": "false"}
    rows = [
        (line["claim_id"], said[line["stance"]], line["source"]) for line in lines if line["stance"] in said
    ]
    truth = {line["claim_id"]: line["truth"] for line in lines if line["truth"] in {"true", "false"}}
    return Gold(tabulate(*zip(*rows, strict=True), answers=("false", "true")), truth)
