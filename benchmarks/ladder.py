"""Reads the public sets of who says what: the ladder, rumours, and flights with their many forms of time."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.agreement import tabulate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from claims.agreement import Answers, Table

SETS = ("rte", "bluebird", "book", "population", "birthplaces", "heritages")
DAYS = ("20111201", "20111202", "20111203")
TIMES = {"scheduled departure": 2, "actual departure": 3, "scheduled arrival": 5, "actual arrival": 6}
GATES = {"departure gate": 4, "arrival gate": 7}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


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
        best = answers.answer()
        table = answers.table
        right = [
            self.truth[name] == table.label_names[int(table.label[best[at]])]
            for at, name in enumerate(table.question_names)
            if name in self.truth and best[at] >= 0
        ]
        return sum(right) / len(right)

    def accuracy_of_score(self, score: NDArray[np.float64]) -> float:
        """The accuracy of whatever gives each candidate a score."""
        top = np.repeat(np.maximum.reduceat(score, self.table.first), self.table.size)
        return self.accuracy_of(score >= top - 1e-6)

    def majority(self) -> float:
        """The same of the majority of votes."""
        return self.accuracy_of_score(self.table.votes)

    def accuracy_of(self, chosen: NDArray[np.bool_]) -> float:
        """The same of candidates that are marked as chosen; of several on one question, any may be meant."""
        table, total = self.table, 0.0
        place = {name: at for at, name in enumerate(table.question_names)}
        for question, label in self.truth.items():
            if question in place:
                first = int(table.first[place[question]])
                many = int(table.size[place[question]])
                labels = [
                    table.label_names[int(table.label[at])] for at in range(first, first + many) if chosen[at]
                ]
                total += labels.count(label) / len(labels)
        return total / len(self.truth)


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


def values(fields: list[str], *, gates: bool) -> Iterator[tuple[str, str]]:
    """What one line says of a flight, in one spelling."""
    for what, column in TIMES.items():
        said = minute(fields[column]) if column < len(fields) else None
        if said:
            yield what, said
    for what, column in GATES.items() if gates else ():
        said = gate(fields[column]) if column < len(fields) else None
        if said:
            yield what, said


CLOCK = re.compile(r"(\d{1,2}):(\d\d)\s*([ap])?", re.IGNORECASE)
DATES = (
    re.compile(r"\d{4}-\d\d-\d\d\s+(?P<month>\d\d)/(?P<day>\d\d)\b"),
    re.compile(r"\d{4}-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/\d{2,4}\b"),
    re.compile(r"\b(?P<month>\d\d)-(?P<day>\d\d)-\d\d\b"),
    re.compile(r"\b(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-\d{4}"),
    re.compile(rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?\s*(?P<day>\d{{1,2}})\b", re.IGNORECASE),
)


def minute(text: str) -> str | None:
    """A time as "MM-DD HH:MM", None where none is given. Sites give local times, whatever zone they add."""
    clock = CLOCK.search(text)
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    rest = f"{text[: clock.start()]} {text[clock.end() :]}"
    for form in DATES:
        date = form.search(rest)
        if date:
            word = date["month"].lower()
            month = MONTHS.index(word) + 1 if word in MONTHS else int(word)
            return f"{month:02d}-{int(date['day']):02d} {hour:02d}:{clock[2]}"
    return None


NO_GATE = re.compile(r"(NOT|NONE|N/A|TB[AD]|CHK|-+$|�|$)")


def gate(text: str) -> str | None:
    """A gate by its letters and digits, without its terminal; None where none is given."""
    said = text.strip().upper()
    if NO_GATE.match(said):
        return None
    last = said.split(" - ")[-1]
    said = re.sub(r"^(TERMINAL|TERM\.?|GATE)\s*", "", said) if last == said else last
    return re.sub(r"[^A-Z0-9]", "", said) or None
