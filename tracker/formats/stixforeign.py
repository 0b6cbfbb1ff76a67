"""What others wrote in STIX, as claims and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import BadValue
from tracker.formats import acts as say
from tracker.formats.confidence import NAMES, Tagged, read_tags, word_of
from tracker.formats.estimates import estimate
from tracker.formats.stixmarkings import marked
from tracker.formats.stixparts import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.formats.acts import Act
    from tracker.formats.jsonfields import Fields

STANCES = {
    "strongly-agree": "supports",
    "agree": "supports",
    "neutral": "mentions",
    "disagree": "doubts",
    "strongly-disagree": "denies",
}
"""The other way round from how evidence is written; both kinds of agreement support."""

_ENTITIES = {
    "campaign": "incident",
    "incident": "incident",
    "intrusion-set": "group",
    "threat-actor": "group",
    "location": "place",
}
_CLASSES = {"individual": "person", "group": "group", "organization": "group"}
_SOURCES = {"individual": "person", "organization": "organisation"}
_ALWAYS = ("note", "relationship")
_SAYING = ("opinion", "sighting")
ATTRIBUTED = "attributed-to"
LONGEST_CLAIM = 500
"""Characters of the content of a note that is taken for the words of a claim as a whole."""


class Foreign:
    """Reads objects without our extension. ``scale`` is what their confidence means, ``source`` who speaks
    where they do not say; ``names`` leads from ids to what claims are called in acts, if not by these."""

    def __init__(
        self, objects: Mapping[str, Fields], scale: str, source: str, names: Mapping[str, str]
    ) -> None:
        self.objects = objects
        self.names = names
        self.scale = scale
        self.source = source
        self._said_of = {id_ for fields in objects.values() for id_ in _about(fields)}
        self.used: set[str] = set()
        self._reports: dict[str, Fields] = {}
        for fields in objects.values():
            if fields.data.get("type") == "report":
                for id_ in _listed(fields.data.get("object_refs")):
                    self._reports.setdefault(id_, fields)

    # --- claims -------------------------------------------------------------------------------------

    def claim(self, fields: Fields) -> list[Act]:
        """What an object claims, and that who made it says so."""
        type_, id_ = str(fields.data["type"]), str(fields.data["id"])
        is_claim = type_ == "note" or (
            type_ == "relationship" and fields.data.get("relationship_type") == ATTRIBUTED
        )
        if type_ in _SAYING or id_ == PROGRAM or not (is_claim or id_ in self._said_of):
            return []
        if type_ == "note":
            acts = self._note(fields, id_)
        elif type_ == "relationship":
            acts = self._relationship(fields, id_)
        else:
            text = f"{type_.replace('-', ' ').capitalize()}: {self._name(id_)}"
            note = self._note_of(fields, fields.text("description"))
            acts = [say.RecordClaim(id=id_, text=text, lang=fields.text("lang"), note=note)]
        if is_claim:
            acts += self._evidence(fields, [id_], "supports", needs_speaker=False)
            acts += self._estimate(fields, id_)
        return acts

    def _estimate(self, fields: Fields, id_: str) -> list[Act]:
        """The verdict that a label of estimative-language is, of whoever made the object."""
        tagged = read_tags(fields.texts("labels"))
        who = self._speakers(fields, [], tagged)
        return estimate(tagged, id_, who[0].name, fields.day("created")) if who else []

    def _note(self, fields: Fields, id_: str) -> list[Act]:
        content, abstract = fields.text("content"), fields.text("abstract")
        if content is None:
            raise BadValue("the note has no content", "a note says something in its content")
        acts: list[Act] = []
        subject = None
        for ref in fields.texts("object_refs"):
            if subject is None and (entity := self._entity(ref)) is not None:
                acts.append(entity)
                subject = ref
        text = abstract or _first_words(content)
        claim = say.RecordClaim(
            id=id_,
            text=text,
            subject=subject,
            lang=fields.text("lang"),
            note=self._note_of(fields, content if text != content else None),
        )
        return [*acts, claim]

    def _note_of(self, fields: Fields, words: str | None) -> str | None:
        """The note of a claim: what more is said of it, and how it is marked."""
        return "\n".join(each for each in (words, marked(fields, self.objects)) if each) or None

    def _relationship(self, fields: Fields, id_: str) -> list[Act]:
        ends = [fields.text("source_ref"), fields.text("target_ref")]
        relation = fields.text("relationship_type")
        if relation is None or None in ends:
            raise BadValue("the relationship lacks its type, or an end", "it needs source_ref and target_ref")
        one, other = (self._name(ref or "") for ref in ends)
        verb = "is attributed to" if relation == ATTRIBUTED else relation.replace("-", " ")
        entities = [self._entity(ref or "") for ref in ends]
        is_attribution = relation == ATTRIBUTED and None not in entities
        claim = say.RecordClaim(
            id=id_,
            text=f"{one} {verb} {other}",
            kind="attribution" if is_attribution else None,
            subject=ends[0] if entities[0] is not None else None,
            value=other if is_attribution else None,
            when=_span(fields.day("start_time"), fields.day("stop_time")),
            lang=fields.text("lang"),
            note=self._note_of(fields, fields.text("description")),
        )
        return [*(each for each in entities if each is not None), claim]

    # --- evidence -----------------------------------------------------------------------------------

    def said(self, fields: Fields) -> list[Act]:
        """What an opinion or a sighting says of the objects that it is about."""
        type_ = fields.data["type"]
        if type_ == "opinion":
            opinion = fields.text("opinion")
            if opinion not in STANCES:
                raise BadValue(f"its opinion is {opinion!r:.60}", f"there are: {', '.join(STANCES)}")
            words = [] if STANCES[opinion] != "supports" or opinion == "agree" else [opinion]
            words += [each for each in (fields.text("explanation"),) if each]
            about = fields.texts("object_refs")
            if not about:
                raise BadValue("the opinion is about nothing", "its object_refs say what it is about")
            about = [ref for ref in about if ref.partition("--")[0] not in _SAYING]
            return self._evidence(fields, about, STANCES[opinion], said=words) if about else []
        return self._sighting(fields) if type_ == "sighting" else []

    def _sighting(self, fields: Fields) -> list[Act]:
        """A sighting: who saw it supports it, and where it was looked for and seen no time, denies it."""
        seen = fields.text("sighting_of_ref")
        if seen is None:
            raise BadValue("the sighting is of nothing", "its sighting_of_ref says of what")
        count = fields.whole("count", 0, 999_999_999)
        words = [] if count is None else [f"seen {count:,} times" if count != 1 else "seen once"]
        words += [each for each in (fields.text("summary"), fields.text("description")) if each]
        day = fields.day("last_seen") or fields.day("first_seen")
        where = [ref for ref in fields.texts("where_sighted_refs") if self._identity(ref) is not None]
        stance = "denies" if count == 0 else "supports"
        return self._evidence(fields, [seen], stance, said=words, speakers=where, day=day)

    def _evidence(
        self,
        fields: Fields,
        about: list[str],
        stance: str,
        *,
        said: Sequence[str] = (),
        speakers: list[str] | None = None,
        day: str | None = None,
        needs_speaker: bool = True,
    ) -> list[Act]:
        """A piece of evidence of each speaker on each claim, with what it was read in."""
        tagged = read_tags(fields.texts("labels"))
        graded, words = self._grade(fields, tagged)
        who = self._speakers(fields, speakers or [], tagged)
        if not who and needs_speaker:
            hint = "say who speaks with --option source=NAME, where it is the same throughout"
            maker = fields.text("created_by_ref")
            gone = f"its maker {maker} is not in the file" if maker else "it does not say whose it is"
            raise BadValue(gone, hint)
        if not who:
            return []
        revoked = fields.flag("revoked")
        document = self._document(fields, who[0].id)
        acts: list[Act] = [*who, *([document] if document else [])]
        made = fields.day("created")
        authors = [name for name in fields.texts("authors") if name not in {each.name for each in who}]
        notes = [*said, *words, *([f"authors: {', '.join(authors)}"] if authors else [])]
        if fields.data["type"] in _SAYING and (marking := marked(fields, self.objects)):
            notes.append(marking)
        note = "; ".join(notes)
        for claim in dict.fromkeys(about):
            acts += [
                say.LogEvidence(
                    claim=self.names.get(claim, claim),
                    source=speaker.id,
                    stance=stance,
                    published=day or made,
                    document=document.id if document else None,
                    credibility=graded,
                    note=note or None,
                    withdrawn=(fields.day("modified") or made) if revoked else None,
                    withdrawn_reason="revoked by its maker" if revoked else None,
                )
                for speaker in who
            ]
        return acts

    def _grade(self, fields: Fields, tagged: Tagged) -> tuple[str | None, list[str]]:
        """The credibility that a confidence stands for, and the scale and word to keep."""
        number = fields.whole("confidence", 0, 100)
        words = []
        graded = tagged.credibility
        if number is not None:
            word = word_of(self.scale, number)
            words.append(f"confidence {number}: {word} ({NAMES[self.scale]})")
            if self.scale == "admiralty" and graded is None:
                graded = word
        if tagged.deceptive:
            words.append("tagged as deliberately deceptive")
        return graded, words

    def _speakers(self, fields: Fields, refs: list[str], tagged: Tagged) -> list[say.RegisterSource]:
        """Who speaks: the identities given, else who created it, else its first author, else whom we
        were told of."""
        creator = fields.text("created_by_ref")
        found = [self._source(ref, tagged) for ref in refs or ([creator] if creator else [])]
        who = [each for each in found if each is not None]
        if not who and (named := next(iter(fields.texts("authors")), self.source)):
            who = [say.RegisterSource(id=named, name=named, reliability=tagged.reliability)]
        return who

    def _document(self, fields: Fields, publisher: str) -> say.RecordDocument | None:
        """Where it was read: its own first reference that leads somewhere, else the report it is in."""
        for reference in fields.objects("external_references"):
            url, hashes = reference.text("url"), reference.inner("hashes")
            sha256 = hashes.text("SHA-256") if hashes else None
            if url or sha256:
                title = reference.text("description") or reference.text("source_name") or url or "document"
                digest = sha256.lower() if sha256 else None
                id_ = url or f"sha256:{digest}"
                return say.RecordDocument(id=id_, title=say.titled(title), url=url, sha256=digest)
        report = self._reports.get(str(fields.data["id"]))
        name = report.text("name") if report is not None else None
        if report is None or name is None:
            return None
        creator = report.text("created_by_ref")
        return say.RecordDocument(
            id=str(report.data["id"]),
            title=say.titled(name),
            publisher=publisher if creator == publisher else None,
            published=report.day("published"),
            note=report.text("description"),
        )

    # --- who and what -------------------------------------------------------------------------------

    def _identity(self, ref: str) -> Fields | None:
        fields = self.objects.get(ref)
        return fields if fields is not None and fields.data.get("type") == "identity" else None

    def _source(self, ref: str, tagged: Tagged) -> say.RegisterSource | None:
        fields = self._identity(ref)
        name = fields.text("name") if fields else None
        if fields is None or name is None:
            return None
        type_ = _SOURCES.get(fields.text("identity_class") or "", "other")
        if "government" in fields.texts("sectors"):
            type_ = "government"
        graded = read_tags(fields.texts("labels")).reliability or tagged.reliability
        return say.RegisterSource(
            id=ref, name=name, type=type_, reliability=graded, note=fields.text("description")
        )

    def _entity(self, ref: str) -> say.RegisterEntity | None:
        """An object as a named thing; None where it is not in the file, or has no name."""
        fields = self.objects.get(ref)
        type_ = str(fields.data["type"]) if fields else ""
        if fields is None or (type_ != "identity" and type_ not in _ENTITIES):
            return None
        name = fields.text("name")
        if name is None:
            return None
        kind = _ENTITIES.get(type_) or _CLASSES.get(fields.text("identity_class") or "", "other")
        self.used.add(ref)
        aliases = tuple(each for each in fields.texts("aliases") if each != name)
        return say.RegisterEntity(id=ref, name=name, type=kind, aliases=aliases)

    def _name(self, ref: str) -> str:
        fields = self.objects.get(ref)
        if fields is None:
            return ref
        self.used.add(ref)
        names = ("name", "abstract", "pattern", "value", "content")
        return next((text for name in names if (text := fields.text(name))), ref)


def _about(fields: Fields) -> list[str]:
    """What an opinion or a sighting is about."""
    if fields.data.get("type") == "opinion":
        return _listed(fields.data.get("object_refs"))
    seen = fields.data.get("sighting_of_ref")
    return [seen] if fields.data.get("type") == "sighting" and isinstance(seen, str) else []


def _first_words(content: str) -> str:
    """What a note without an abstract claims: its content, and of a long one how it begins."""
    if len(content) <= LONGEST_CLAIM:
        return content
    cut = content[:LONGEST_CLAIM]
    begins = cut.split("\n", 1)[0].strip() if "\n" in cut.strip() else ""
    return begins or cut.rsplit(None, 1)[0].rstrip() + "…"


def _listed(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _span(first: str | None, last: str | None) -> str | None:
    if first and last:
        return first if first == last else f"{first}/{last}"
    return f"{first}/.." if first else f"../{last}" if last else None
