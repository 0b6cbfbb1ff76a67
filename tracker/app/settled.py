"""Settled claims from a table, in memory: what was said of each, and what turned out to be true."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from claims.dates import parse
from claims.errors import BadFile, ClaimsError
from claims.measure import FALSE, TRUE, UNSETTLED
from claims.model import Assessment, Claim, Document, Evidence, Source
from claims.resolve import Dossier
from claims.settling import outcomes_of
from claims.vocabulary import (
    Basis,
    Credibility,
    Kind,
    Reliability,
    Side,
    SourceType,
    Stance,
    Status,
    read_word,
)
from tracker.app.maps import read_table
from tracker.formats.csvtable import RowFinding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from claims.dates import UncertainDate
    from claims.policy import Policy
    from claims.resolve.records import Outcome
    from tracker.formats.csvmap import Map
    from tracker.formats.rowsaid import Record

ENDS = {Status.CONFIRMED: TRUE, Status.REFUTED: FALSE}
"""The assessments that settle a claim; after any other it is unsettled."""

WORDS: dict[str, type[Basis | Credibility | Side]] = {
    "basis": Basis,
    "credibility": Credibility,
    "side": Side,
}

LONG_AGO = date.min
"""The last day of a table in which nothing is dated."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Claims with what was said of them, and how each ended: ``true``, ``false`` or ``unsettled``.

    ``last_day`` is the newest day on which something was published; evidence without a date counts
    from it. ``read`` counts rows, ``rejected`` lists those that could not be taken. ``name``,
    ``sha256`` and ``map`` say which file it was, and by which map it was read.
    """

    dossier: Dossier
    ends: Mapping[str, str]
    last_day: date
    name: str = ""
    sha256: str = ""
    map: str = ""
    read: int = 0
    rejected: tuple[RowFinding, ...] = ()

    @property
    def claims(self) -> list[str]:
        """The keys of the claims that were settled, in order."""
        return [key for key in sorted(self.ends) if self.ends[key] != UNSETTLED]

    def truths(self, claims: Iterable[str]) -> list[bool]:
        """Whether each of some settled claims turned out true."""
        return [self.ends[key] == TRUE for key in claims]

    def known(self, policy: Policy, claims: Collection[str] | None = None) -> Dossier:
        """The dossier of somebody who knows how some claims ended (all of them unless named) and,
        where the policy heeds them, the track records that follow."""
        made = self.dossier.assessments
        if claims is not None:
            made = {key: verdicts for key, verdicts in made.items() if key in claims}
        dossier = replace(self.dossier, assessments=made)
        if policy.records is None:
            return dossier
        outcomes: dict[str, list[Outcome]] = defaultdict(list)
        for each in outcomes_of(dossier, policy, self.last_day):
            outcomes[each.source].append(each)
        return replace(dossier, outcomes=outcomes)


def settled_claims(data: bytes, chosen: Map, name: str, today: date) -> Settled:
    """The claims of a file, in memory. ``today`` is the day that "yesterday" counts from.

    Raises :class:`BadFile` where the file is no table, or lacks a column of the map.
    """
    read, records, findings = read_table(data, chosen, name)
    gathered = _Gathered(today)
    for record in records:
        try:
            gathered.add(record)
        except ClaimsError as error:
            findings.append(RowFinding(record.row, error.message))
    findings.sort(key=lambda finding: finding.row)
    dossier, last_day = gathered.dossier()
    return Settled(
        dossier=dossier,
        ends=gathered.ends,
        last_day=last_day,
        name=name,
        sha256=sha256(data).hexdigest(),
        map=chosen.name,
        read=read,
        rejected=tuple(findings),
    )


@dataclass(slots=True)
class _Gathered:
    """The records of a table on their way into a dossier."""

    today: date
    claims: dict[str, Claim] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    said: list[tuple[Record, str, Stance, UncertainDate | None]] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take a row in, or raise and leave nothing of it."""
        fields = record.fields
        key = fields.get("claim_id", fields["claim"])
        claim = Claim(
            key=key, text=fields["claim"], kind=read_word(Kind, fields.get("kind", "other"), "kind")
        )
        ended = _ended(fields.get("assessment"))
        if self.ends.get(key, UNSETTLED) not in (ended, UNSETTLED) and ended != UNSETTLED:
            raise BadFile(f"the claim {key} was {self.ends[key]} in a row before, and {ended} here")
        if "stance" in fields:
            stance = read_word(Stance, fields["stance"], "stance")
            published = parse(fields["published"], today=self.today) if "published" in fields else None
            _words(fields)
            self.sources.setdefault(fields["source"], _source(fields))
            if (url := fields.get("url")) is not None:
                self.documents.setdefault(url, Document(key=url, title=fields.get("title", url), url=url))
            self.said.append((record, key, stance, published))
        self.claims.setdefault(key, claim)
        if ended != UNSETTLED or key not in self.ends:
            self.ends[key] = ended
        if ended != UNSETTLED and key not in self.assessments:
            self.assessments[key] = self._assessment(key, fields)

    def _assessment(self, key: str, fields: Mapping[str, str]) -> Assessment:
        """How a claim ended, as somebody's verdict; dated only at the end where the table does not."""
        on = parse(fields["assessed_on"], today=self.today).latest if "assessed_on" in fields else None
        return Assessment(
            key=f"{key}.assessed",
            claim=key,
            status=read_word(Status, fields["assessment"], "assessment"),
            author=fields.get("assessed_by", ""),
            made_on=on or LONG_AGO,
        )

    def dossier(self) -> tuple[Dossier, date]:
        """All of it as a dossier, and the newest day on which something was published."""
        days = [when.latest for _, _, _, when in self.said if when is not None and when.latest is not None]
        last = max(days, default=LONG_AGO)
        evidence = {
            f"{key}.{record.row}": Evidence(
                key=f"{key}.{record.row}",
                claim=key,
                source=record.fields["source"],
                stance=stance,
                published=published,
                recorded_on=last,
                document=record.fields.get("url"),
                quote=record.fields.get("quote"),
                **_words(record.fields),
            )
            for record, key, stance, published in self.said
        }
        dossier = Dossier(
            claims=self.claims,
            evidence=evidence,
            sources=self.sources,
            documents=self.documents,
            assessments=self._dated(),
        )
        return dossier, last

    def _dated(self) -> dict[str, list[Assessment]]:
        """The verdicts by claim; one without a day of its own has that of the last evidence."""
        newest: dict[str, date] = {}
        for _, key, _, when in self.said:
            if when is not None and when.latest is not None:
                newest[key] = max(newest.get(key, when.latest), when.latest)
        return {
            key: [made if made.made_on != LONG_AGO else replace(made, made_on=newest.get(key, LONG_AGO))]
            for key, made in self.assessments.items()
        }


def _ended(text: str | None) -> str:
    if text is None:
        return UNSETTLED
    return ENDS.get(read_word(Status, text, "assessment"), UNSETTLED)


def _source(fields: Mapping[str, str]) -> Source:
    grade = fields.get("reliability")
    return Source(
        key=fields["source"],
        name=fields["source"],
        type=read_word(SourceType, fields.get("source_type", "other"), "source type"),
        reliability=read_word(Reliability, grade, "reliability grade") if grade else None,
    )


def _words(fields: Mapping[str, str]) -> dict[str, Any]:
    """The words of a row that bear on the weight of its evidence."""
    return {
        name: read_word(vocabulary, fields[name], name)
        for name, vocabulary in WORDS.items()
        if name in fields
    }
