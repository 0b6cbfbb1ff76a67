"""Claims as statements of items: what each says, with its references, and its rank among its rivals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.errors import Finding
from claims.vocabulary import EntityType, Kind, Stance, Status
from tracker.formats.wikidata import statements as st
from tracker.formats.wikidata.citing import HEADING, Cited, reference_of
from tracker.formats.wikidata.ids import property_of, the
from tracker.formats.wikidata.reading import DISPUTED, PROPERTY_LINE, RANK, REASONS, SUPPORTED
from tracker.formats.wikidata.snaks import ITEM, Snak, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claims.model import Claim, Entity, Evidence
    from tracker.formats.wikidata.ids import Property
    from tracker.report.extract import Extract, Portion
    from tracker.report.standing import Standing

GOOD = (Status.CONFIRMED, Status.CORROBORATED, Status.DISPUTED)
LIKELY = 0.55
"""How the best of several rival values must stand to be preferred; likely is so as ICD 203 has it."""

DEPRECATED = {Status.REFUTED: the("incorrect value"), Status.RETRACTED: the("error in referenced source")}
"""The statuses whose statements are deprecated, with the reason that is given."""

PREFERRED = the("best referenced value")
GIVE_ID = "give it one: tracker entity revise KEY --wikidata Q…"
CONTESTED = Snak(st.CIRCUMSTANCES, the("disputed"))
_PROPERTY = re.compile(rf"^{PROPERTY_LINE}(P[1-9]\d*)\b", re.MULTILINE)
_ITEM = re.compile(rf"^{PROPERTY_LINE}(Q[1-9]\d*)\b", re.MULTILINE)
_DEATHS = re.compile(r"death|dead|died|kill|fatal", re.IGNORECASE)
_INJURIES = re.compile(r"injur|wound", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A statement that is to be written: of which item, from which claim, as that stands; ``said`` is the
    rank that Wikidata gave it, with its ``reasons``."""

    item: str
    claim: str
    main: Snak
    qualifiers: list[Snak]
    references: list[tuple[Snak, ...]] = field(default_factory=list)
    id: str = ""
    status: Status = Status.UNVERIFIED
    likelihood: float = 0.0
    said: str = ""
    reasons: list[Snak] = field(default_factory=list)
    rank: str = "normal"

    def statement(self) -> st.Statement:
        """The statement itself."""
        qualifiers = [*self.qualifiers]
        if self.rank != "deprecated" and self.status is Status.DISPUTED:
            qualifiers.append(CONTESTED)
        if self.rank != "normal":
            qualifiers += self.reasons
        return st.Statement(
            main=self.main,
            qualifiers=tuple(dict.fromkeys(qualifiers)),
            references=tuple(dict.fromkeys(self.references)),
            rank=self.rank,
            id=self.id,
        )


class LeftOutError(Exception):
    """A claim that is no statement of Wikidata; says why not, and what to do."""


def drafts_of(extract: Extract) -> tuple[list[Draft], list[Finding]]:
    """The statements of all claims on what has a Wikidata id, ranked; and what was left out."""
    drafting = _Drafting()
    if extract.case is None:
        drafting.learn(extract.rest().entities)
    for portion in extract.portions():
        drafting.learn(portion.entities)
        for claim in portion.claims.values():
            drafting.claim(claim, portion)
    found = _merged(drafting.drafts)
    _rank(found)
    places = {pid: place for place, pid in enumerate(dict.fromkeys(each.main.pid for each in found))}
    order = ["preferred", "normal", "deprecated"]
    found.sort(key=lambda it: (len(it.item), it.item, places[it.main.pid], order.index(it.rank), it.claim))
    return found, drafting.left_out


@dataclass(slots=True)
class _Drafting:
    """What has been drafted so far, and which entities have an item, by key and by name."""

    drafts: list[Draft] = field(default_factory=list)
    left_out: list[Finding] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def learn(self, entities: Mapping[str, Entity]) -> None:
        self.entities |= entities
        self.named |= {it.name.casefold(): it.wikidata for it in entities.values() if it.wikidata}

    def claim(self, claim: Claim, portion: Portion) -> None:
        try:
            self._drafted(claim, portion)
        except LeftOutError as why:
            self.left_out.append(Finding(claim.key, *map(str, why.args)))

    def _drafted(self, claim: Claim, portion: Portion) -> None:
        item = self._item(claim.subject)
        if item is None:
            if claim.subject is None:
                raise LeftOutError(
                    "it has no subject", "say whom it is about: tracker claim revise KEY --subject …"
                )
            raise LeftOutError(f"{claim.subject} has no Wikidata id", GIVE_ID)
        kept, what = lines_of(claim.note), self._property(claim, portion)
        fields = st.Fields(self._value(what, claim, kept), claim.when)
        said = st.restored(what, fields, st.Kept(what.id, tuple(kept)))
        if said.main is None:
            raise _no_form(what, claim)
        standing = portion.standings[claim.key]
        own = claim.external_id if re.match(rf"{item}\$", claim.external_id or "", re.IGNORECASE) else ""
        draft = self._draft(item, claim, Snak(what.id, said.main), said.qualifiers, standing)
        draft.id = own or ""
        self._cite(draft, claim, portion)
        if claim.kind is Kind.DEATH and not _PROPERTY.search(claim.note or "") and claim.where:
            self._place(draft, claim, standing)

    def _draft(
        self, item: str, claim: Claim, main: Snak, qualifiers: Iterable[Snak], standing: Standing
    ) -> Draft:
        draft = Draft(
            item=item,
            claim=claim.key,
            main=main,
            qualifiers=list(qualifiers),
            status=standing.status,
            likelihood=standing.likelihood,
        )
        self.drafts.append(draft)
        return draft

    def _place(self, death: Draft, claim: Claim, standing: Standing) -> None:
        """The place of a death, which is a statement of its own, with the references of the death."""
        place = self._item(claim.where_entity)
        if place is None:
            raise LeftOutError(
                f"the place {claim.where!r} has no Wikidata id", "its date is written, its place not"
            )
        draft = self._draft(death.item, claim, Snak(the("place of death"), place), (), standing)
        draft.references = list(death.references)

    def _item(self, key: str | None) -> str | None:
        """The item of an entity, or of the one that it was merged into."""
        seen: set[str] = set()
        while key is not None and key not in seen and (entity := self.entities.get(key)) is not None:
            if entity.wikidata and ITEM.fullmatch(entity.wikidata):
                return entity.wikidata
            seen.add(key)
            key = entity.merged_into
        return None

    def _property(self, claim: Claim, portion: Portion) -> Property:
        """The property that a claim is a statement of: as its note says, else by its kind."""
        if found := _PROPERTY.search(claim.note or ""):
            return property_of(found[1])
        subject = self.entities[claim.subject].type if claim.subject in self.entities else None
        name = {Kind.DEATH: "date of death", Kind.AFFILIATION: "member of"}.get(claim.kind, "")
        if claim.kind is Kind.ATTRIBUTION:
            name = {EntityType.PERSON: "killed by", EntityType.INCIDENT: "perpetrator"}.get(subject, "")  # type: ignore[arg-type]
        elif claim.kind is Kind.COUNT:
            question = portion.questions.get(claim.question or "")
            counted = (question.counted if question else None) or claim.text
            name = (
                "number of deaths"
                if _DEATHS.search(counted)
                else "number of injured"
                if _INJURIES.search(counted)
                else ""
            )
        if not name:
            raise LeftOutError(
                f"a claim of kind {claim.kind} may be of many properties",
                f'write which into its note, on a line: "{PROPERTY_LINE}P…"',
            )
        return property_of(the(name))

    def _value(self, what: Property, claim: Claim, kept: Iterable[Snak]) -> str | None:
        if what.datatype == "time" and claim.value != st.NOTHING:
            return None
        was = [snak for snak in kept if snak.pid == what.id]
        may_be_item = any(snak.item for snak in was) if was else what.datatype in ("wikibase-item", "")
        if may_be_item and (item := self._item(claim.value_entity) or self._item_named(what, claim.value)):
            return item
        if what.datatype == "wikibase-item" and claim.value not in (st.UNKNOWN, st.NOTHING):
            raise LeftOutError(f"its value {claim.value!r} has no Wikidata id", GIVE_ID)
        return claim.value

    def _item_named(self, what: Property, value: str | None) -> str | None:
        """The item of the words of a value, where nothing is known of what values a property has."""
        return None if what.datatype or value is None else self.named.get(value.casefold())

    # --- what is said of it ---------------------------------------------------------------------

    def _cite(self, draft: Draft, claim: Claim, portion: Portion) -> None:
        """Evidence as references and as qualifiers."""
        for piece in portion.evidence_on(claim.key):
            source = portion.sources[piece.source]
            if piece.withdrawn is not None or piece.stance is Stance.MENTIONS:
                continue
            if source.name == "Wikidata" and (piece.note or "").startswith(RANK):
                draft.said = (piece.note or "").partition("\n")[0].removeprefix(RANK)
                draft.reasons = lines_of(piece.note)
                continue
            item = self._item_of_source(source.note, source.name)
            pid = SUPPORTED if piece.stance is Stance.SUPPORTS else DISPUTED
            lines = lines_of(piece.note)
            if by := [snak for snak in lines if snak.pid == pid]:
                draft.qualifiers += by
            elif pid == SUPPORTED and (reference := self._reference(piece, claim, portion, item)):
                draft.references.append(tuple(reference))
            elif item is not None:
                draft.qualifiers.append(Snak(pid, item))
            else:
                said = {SUPPORTED: "for", DISPUTED: "against"}[pid]
                self.left_out.append(
                    Finding(
                        claim.key,
                        f"what {source.name} says {said} it ({piece.key}): the source has no Wikidata id",
                        f'write it into the note of the source: "{PROPERTY_LINE}Q…"',
                    )
                )

    def _item_of_source(self, note: str | None, name: str) -> str | None:
        if found := _ITEM.search(note or ""):
            return found[1]
        return name if ITEM.fullmatch(name) else self.named.get(name.casefold())

    @staticmethod
    def _reference(piece: Evidence, claim: Claim, portion: Portion, item: str | None) -> list[Snak]:
        document = portion.documents.get(piece.document or "")
        was_read = (piece.note or "").startswith(HEADING)
        return reference_of(
            Cited(
                item=item,
                url=document.url if document else None,
                title=document.title if document else None,
                author=document.author if document else None,
                published=(document.published if document else None) or piece.published,
                quote=piece.quote,
                locator=piece.locator,
                language=claim.lang,
                seen=None if was_read else piece.recorded_on,
                kept=tuple(lines_of(piece.note)),
            )
        )


def _no_form(what: Property, claim: Claim) -> LeftOutError:
    """Why a claim's value cannot be written, and what can."""
    if what.datatype == "quantity":
        hint = "give it one best number, with bounds where there are: 14 (12-15)"
    elif what.datatype:
        hint = "see docs/wikidata.md"
    else:
        hint = f"of {what.id} only items can be written: an entity with a Wikidata id, or Q…, as the value"
    return LeftOutError(f"Wikidata has no form for {claim.value!r} as {what.name}", hint)


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts that say the same of an item, as one: with the references of all, as the likeliest stands."""
    found: dict[tuple[str, Snak, tuple[Snak, ...], str], Draft] = {}
    for each in drafts:
        same = (each.item, each.main, tuple(sorted(each.qualifiers, key=repr)), each.id)
        first = found.setdefault(same, each)
        if first is not each:
            first.references += each.references
            if each.likelihood > first.likelihood:
                first.status, first.likelihood = each.status, each.likelihood
    return list(found.values())


# --- ranks --------------------------------------------------------------------------------------


def _rank(drafts: Iterable[Draft]) -> None:
    """Give each its rank: what is refuted or was taken back is deprecated, the best of several is preferred;
    what Wikidata itself says stays, where the evidence here does not say otherwise."""
    rivals: dict[tuple[str, str], list[Draft]] = {}
    beaten: set[tuple[str, str]] = set()
    for each in drafts:
        if each.status in DEPRECATED:
            _give(each, "deprecated", DEPRECATED[each.status])
            if each.said != "deprecated":
                beaten.add((each.item, each.main.pid))
        elif each.said == "deprecated" and not _is_good(each):
            _give(each, "deprecated", None)
        elif each.status is not Status.SUPERSEDED:
            rivals.setdefault((each.item, each.main.pid), []).append(each)
    for slot, several in rivals.items():
        is_one_of_several = len(several) > 1 or slot in beaten
        best = _best(several) if is_one_of_several and property_of(slot[1]).question else None
        for each in [best] if best else _said_to_be_best(several):
            _give(each, "preferred", PREFERRED if best else None)


def _give(draft: Draft, rank: str, reason: str | None) -> None:
    draft.rank = rank
    if draft.said != rank or not draft.reasons:
        draft.reasons = [Snak(REASONS[rank], reason)] if reason else []


def _is_good(draft: Draft) -> bool:
    return draft.status in GOOD and draft.likelihood >= LIKELY


def _best(several: list[Draft]) -> Draft | None:
    """The one that is likelier than every other; None where two are as likely, or none is good."""
    good = [each for each in several if _is_good(each)]
    if not good:
        return None
    first = max(good, key=lambda each: each.likelihood)
    others = (each for each in several if each is not first)
    return first if all(each.likelihood < first.likelihood for each in others) else None


def _said_to_be_best(several: list[Draft]) -> Iterator[Draft]:
    return (each for each in several if each.said == "preferred" and each.status is not Status.DOUBTFUL)
