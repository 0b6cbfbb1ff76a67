"""The publication ledger: which status of a claim was published where and when, and which of that must be
corrected by now."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from claims.errors import BadDate, NotFound
from tracker.app import catching_up
from tracker.app.limits import need_words
from tracker.app.published import read_publications
from tracker.app.reading import Questions
from tracker.report.publications import Because, Correction, Publication, Review
from tracker.store import journal
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from claims.model import Claim
    from tracker.app.view import View
    from tracker.journal.entry import Entry
    from tracker.report.standing import Standing

PUBLISHING = ("claim.published", "publication.withdrawn", "publication.restored")
"""The acts of the ledger."""

SAID = ("text", "kind", "subject", "value", "when", "where")
"""The fields of a claim that readers were told."""


class PublishingActs(Questions):
    """Recording what was published, listing it, and finding what must be corrected."""

    def publish(
        self, claim: str, *, where: str, on: str | date | None = None, note: str | None = None
    ) -> Entry:
        """Record that the status of a claim was published at a place (a URL, or "print, page 3"), today
        or on an earlier day. The status is the one that this tracker shows; for an earlier day the
        one that it showed at the end of that day, or, where it did not have the claim yet, the one that
        it gives now for what had been published by then. A later publication at the same place
        supersedes it. Returns the entry; the earlier one where it says the same already.
        """
        place = need_words(where, "where it was published")
        with self.act() as act:
            with self.lookup() as look:
                key = look.claim(claim).key
            day = self._day_of_publication(on)
            standing = self._as_published(key, day)
            said: dict[str, Any] = {
                "place": place,
                "on": day.isoformat(),
                "status": standing.status.value,
                "likelihood": repr(standing.likelihood),
                "confidence": standing.confidence.value,
                "policy": standing.policy,
                "as_of": standing.as_of.isoformat(),
            }
            said |= {} if standing.recorded_by is None else {"recorded_by": standing.recorded_by}
            said |= {} if note is None else {"note": note}
            before = _said_there(act.reader, key, place)
            if before is not None and before.payload == said:
                return before
            return act.append("claim.published", key, said)

    def _day_of_publication(self, on: str | date | None) -> date:
        if on is None:
            return self.today
        read = self.read_published(on) if isinstance(on, str) else None
        if read is not None and read.earliest != read.latest:
            raise BadDate(f"{on!r} is not a day", "give the day on which it was published")
        return self.read_day(on)

    def _as_published(self, key: str, day: date) -> Standing:
        if day >= self.today:
            return self.status(key)
        try:
            return self.status(key, as_of=day, recorded_by=day.isoformat())
        except NotFound:
            return self.status(key, as_of=day)

    def publications(
        self,
        claim: str | None = None,
        *,
        withdrawn: bool = False,
        recorded_by: str | int | date | None = None,
    ) -> list[Publication]:
        """What was published, of one claim or of all, in the order of publication; ``withdrawn``: also
        what was taken back as recorded by mistake. A claim that was withdrawn keeps its own."""
        if claim is None and recorded_by is not None:
            found = self._published_then(recorded_by)
        else:
            with self.view(recorded_by=recorded_by) as view:
                keys = None
                if claim is not None:
                    keys = [self.lookup_in(view).key("claims", claim, "claim", "tracker claim list")]
                found = read_publications(view.reader, keys)
        return [each for each in found if withdrawn or not each.withdrawn]

    def _published_then(self, recorded_by: str | int | date) -> list[Publication]:
        """All that was published by a moment, of which only the entries that say so are read."""
        with self.part_then(recorded_by) as (part, _):
            part.bring_acts(PUBLISHING)
            return read_publications(Reader(part.tables))

    def review(
        self,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Review:
        """What to look at next: what waits for a second person, and what was published and no longer is what
        the tracker says."""
        if recorded_by is None:
            with self.view(as_of) as view:
                return self._review(view, partial(self.standings, view, as_of=as_of), _nothing)
        return self._reviewed_then(as_of, recorded_by)

    def _reviewed_then(self, as_of: str | date | None, recorded_by: str | int | date) -> Review:
        """The same of a moment, from what was published by then and what bears on that."""
        from tracker.app.choosing import Choice
        from tracker.app.pastrecords import bring_caused, bring_reviewed
        from tracker.app.stood import Stood
        from tracker.app.view import View

        with self.reading() as now, ExitStack() as stack:
            until = self.read_moment(recorded_by, now)
            stood = Stood(self, now, until, stack, as_of)
            bring_reviewed(stood.part)
            then, day = Reader(stood.part.tables), self.day_then(until, as_of)
            view = View(then, Choice(self.policy), day, stored=False, until=until)

            def standings(claims: Collection[str]) -> list[Standing]:
                return stood.told(stood.rows(claims), recorded_by)

            return self._review(view, standings, partial(bring_caused, stood.part))

    def _review(
        self,
        view: View,
        standings: Callable[[Collection[str]], list[Standing]],
        bring: Callable[[Iterable[Entry]], None],
    ) -> Review:
        """The same of a view, by what tells how claims stand; ``bring`` is given the entries of which it is
        said what they are about."""
        found = [
            each
            for each in read_publications(view.reader)
            if each.is_current and each.published_on <= view.as_of
        ]
        claims = view.reader.claims({each.claim for each in found})
        now = {each.key: each for each in standings([key for key in claims if not claims[key].withdrawn])}
        with self.reading() as reader:
            past = _Past(reader, claims, None if view.until is None else view.until.entry)
            due = [
                (each, why) for each in found if (why := past.why(each, claims[each.claim], now, view.reader))
            ]
            bring(past.entry(seq) for _, why in due for seqs in why.values() for seq in seqs)
            corrections = [
                _correction(past, each, claims[each.claim], now.get(each.claim), why, view.reader)
                for each, why in due
            ]
        waiting = [each for found in view.reader.waiting().values() for each in found]
        return Review(
            waiting=tuple(each for each in waiting if each.made_on <= view.as_of),
            corrections=tuple(corrections),
            publications=len(found),
            as_of=view.as_of,
            recorded_by=view.recorded_by,
        )


def _nothing(_: Iterable[Entry]) -> None:
    """All is there."""


def _correction(
    past: _Past,
    it: Publication,
    claim: Claim,
    standing: Standing | None,
    why: Mapping[str, list[int]],
    reader: Reader,
) -> Correction:
    seqs = sorted({seq for found in why.values() for seq in found})
    leading = next(iter(why.values()))
    return Correction(
        publication=it,
        claim=claim,
        text_then=past.text_then(it, claim),
        why=tuple(why),
        now=standing,
        since=past.entry(leading[0]).recorded_at if leading else None,
        because=tuple(_because(past.entry(seq), reader) for seq in seqs),
    )


def _said_there(reader: Reader, claim: str, place: str) -> Entry | None:
    """The entry on what a place says of a claim, if it says anything."""
    for each in read_publications(reader, [claim]):
        if each.is_current and each.place == place:
            return journal.read_entry(reader.connection, each.entry)
    return None


class _Past:
    """What the journal has of some claims since they were published, up to an entry."""

    def __init__(self, reader: Reader, claims: dict[str, Claim], until: int | None) -> None:
        self._connection = reader.connection
        about = {key for claim in claims.values() for key in _entities(claim)} | set(claims)
        entries = journal.read_entries(self._connection, subjects=sorted(about), last=until)
        self._entries = {entry.seq: entry for entry in entries}
        self._until = until

    def entry(self, seq: int) -> Entry:
        """An entry by its number."""
        if seq not in self._entries:
            found = journal.read_entry(self._connection, seq)
            assert found is not None
            self._entries[seq] = found
        return self._entries[seq]

    def why(
        self, it: Publication, claim: Claim, now: Mapping[str, Standing], reader: Reader
    ) -> dict[str, list[int]]:
        """Why what was published must be corrected, with the entries that made it so; empty where it need
        not be. ``now`` is how the claims stand that were not withdrawn."""
        standing = now.get(claim.key)
        if standing is None:
            return {"withdrawn": self.withdrawal(it)}
        found: dict[str, list[int]] = {}
        if standing.status is not it.status:
            found["status"] = self.moves(it)
        if revised := self.rewording(it):
            found["reworded"] = revised
        if merged := self.merging(it, claim, reader):
            found["merged"] = merged
        return found

    def _since(self, it: Publication, subjects: Iterable[str], act: str) -> list[Entry]:
        """The entries of an act on some subjects that whoever published did not know yet."""
        wanted = set(subjects)
        known = self.entry(it.entry).payload.get("recorded_by")
        found = [e for _, e in sorted(self._entries.items()) if e.subject in wanted and e.act == act]
        return [e for e in found if (e.recorded_at > known if known else e.seq > it.entry)]

    def withdrawal(self, it: Publication) -> list[int]:
        """The entry that withdrew the claim."""
        return [entry.seq for entry in self._since(it, [it.claim], "claim.withdrawn")][-1:]

    def moves(self, it: Publication) -> list[int]:
        """The entries since which the claim has had another status than was published, each of which
        moved it; none where time alone did."""
        known = self.entry(it.entry).payload.get("recorded_by")
        run: list[int] = []
        for row in catching_up.recorded_changes(self._connection, claim=it.claim):
            if self._until is not None and row["seq"] > self._until:
                break
            if row["recorded_at"] <= known if known else row["seq"] <= it.entry:
                continue
            if row["status"] is it.status:
                run = []
            elif row["was"] is not row["status"]:
                run.append(row["seq"])
        return run

    def _revised(self, it: Publication) -> tuple[list[int], dict[str, Any]]:
        """The revisions of what readers were told, and what each field was and is."""
        then: dict[str, Any] = {}
        now: dict[str, Any] = {}
        seqs = []
        for entry in self._since(it, [it.claim], "claim.revised"):
            told = [name for name in SAID if name in entry.payload["set"]]
            for name in told:
                then.setdefault(name, entry.payload["was"][name])
                now[name] = entry.payload["set"][name]
            seqs += [entry.seq] if told else []
        changed = {name: then[name] for name in then if then[name] != now[name]}
        return (seqs if changed else []), changed

    def rewording(self, it: Publication) -> list[int]:
        """The revisions by which the claim says something else than was published."""
        return self._revised(it)[0]

    def text_then(self, it: Publication, claim: Claim) -> str:
        """The words of the claim when it was published."""
        return str(self._revised(it)[1].get("text", claim.text))

    def merging(self, it: Publication, claim: Claim, reader: Reader) -> list[int]:
        """The entries by which somebody or something in the claim turned out to be another."""
        merged = {key for key, e in reader.entities(_entities(claim)).items() if e.merged_into is not None}
        latest = {entry.subject: entry.seq for entry in self._since(it, merged, "entity.merged")}
        return sorted(latest.values())


def _entities(claim: Claim) -> list[str]:
    return [key for key in (claim.subject, claim.value_entity, claim.where_entity) if key is not None]


def _because(entry: Entry, reader: Reader) -> Because:
    piece = reader.evidence([entry.subject]).get(entry.subject) if entry.act.startswith("evidence.") else None
    source = reader.sources([piece.source])[piece.source].name if piece is not None else ""
    about = reader.claims([piece.claim])[piece.claim].text if piece is not None else ""
    return Because(
        entry=entry.seq,
        act=entry.act,
        subject=entry.subject,
        author=entry.author,
        recorded_at=entry.recorded_at,
        reason=entry.reason,
        evidence=piece,
        source=source,
        claim=about,
    )
