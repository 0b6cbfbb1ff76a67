"""What the words of the record mean: the part of the pages that the code cannot say itself.

Every term, act and field has its meaning here, and nothing else has: whatever is missing or left over is
refused when the pages are made.
"""

from __future__ import annotations

STANCES = {
    "supports": "says that it is true",
    "denies": "says that it is not true",
    "doubts": "speaks against it without denying it",
    "mentions": (
        "reports it without taking a side; counts for next to nothing (of rumours: a little against)"
        " and makes no line"
    ),
}
RELATIONS = {
    "contradicts": "A and B cannot both be true: they are resolved jointly",
    "supports": (
        "that A is true speaks for B: B is likelier the likelier A is, if somebody supports A who "
        "does not speak of B; A is left as it is"
    ),
    "depends-on": "A cannot well be true unless B is: A falls with B; B is left as it is",
    "refines": "A says B more closely: as `depends-on`, a little weaker",
    "duplicates": "A is B once more: they can both hold, unless the rules find two dates or two places",
    "supersedes": "A is the newer word on what B says: B becomes `superseded` once A is better held",
}
LINK_STATES = {
    "open": "it holds",
    "resolved": "it no longer holds; the reason is kept as its resolution",
    "withdrawn": "it was a mistake and was undone",
}
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged: left out of the sum, as if no grade had been given",
}
CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "cannot be judged: left out of the sum, as if nothing had been given",
}
BASIS = {
    "witnessed": "saw or heard it",
    "official-record": "has it from a record: a register, a court file, a death certificate",
    "told": "was told by somebody",
    "inferred": "concludes it from something else",
}
SIDE = {
    "for-own-side": "what is said serves the speaker's own side",
    "against-own-side": "what is said harms the speaker's own side: an admission",
}
WITHDRAWALS = {
    "by-source": "the source took it back on a day: it counts until then and not from that day on",
    "mistake": "it was our own error: it never counts, on any day",
}
SOURCE_TYPES = {
    "government": "a government or one of its parts",
    "armed-group": "an armed group",
    "outlet": "a newspaper, agency, broadcaster or site",
    "organisation": "a body outside government, such as a relief or rights group",
    "researcher": "a person or institute that studies the matter",
    "court": "a court or tribunal",
    "person": "somebody who speaks for himself or herself",
    "witness": "somebody who was there",
    "other": "anything else",
}
ENTITY_TYPES = {
    "person": "a human being",
    "group": "an organisation or armed group",
    "place": "a place of any size",
    "incident": "something that happened, with a name of its own",
    "other": "anything else",
}
CONFIDENCE = {
    "low": "neither of the others",
    "moderate": "two lines or more, or one from a supporting witness or official record",
    "high": "three lines or more, some of them at first hand or from a source graded A or B, and no single "
    "piece or tie carrying over three quarters of all the weight",
}
ACTS = {
    "policy.adopted": "the policy by which statuses are recorded from here on: name, version, numbers",
    "policy.named": "the policy that a case goes by: name, version, numbers",
    "case.recorded": "a case: title, about, policy, rules_off, needs_approval",
    "case.revised": "what changed in it: `set` and `was`, as in every revision below",
    "question.recorded": "a question: text, exactly_one, counted, cumulative",
    "question.revised": "what changed",
    "document.recorded": "a document: title, publisher, author, url, published, note",
    "document.revised": "what changed",
    "document.archived": "the SHA-256 of the bytes kept, and the name and size of the file",
    "source.registered": "a source: name, type, sides, owner, reliability, url, note",
    "source.revised": "what changed",
    "source.graded": "another reliability: `grade` and `was`",
    "entity.registered": "an entity: name, type, aliases, wikidata, note",
    "entity.revised": "what changed",
    "entity.merged": "`into`: the entity that this one in truth is",
    "entity.unmerged": "`from`: the entity that it was merged into",
    "claim.recorded": "a claim with its fields",
    "claim.revised": "what changed",
    "evidence.logged": "a piece of evidence with its fields",
    "evidence.corrected": "what changed",
    "evidence.withdrawn": "`how` (by-source or mistake) and `on` which day",
    "evidence.restored": "that a withdrawal was taken back",
    "claims.linked": "a link: claim, relation, other",
    "link.resolved": "`state` (resolved, or withdrawn where it was undone) and `was`; of a contradiction "
    "that a rule found also claim, rule, other, and `because`, what the rule says of them",
    "link.reopened": "the same, with `state` open",
    "assessment.made": "a person's verdict: claim, status, likelihood, `by` and `on` where made elsewhere, "
    "`proposed` where it waits for a second person",
    "assessment.approved": "that a second person approved it: it is in force from now on",
    "assessment.rejected": "that a second person rejected it",
    "assessment.reopened": "that it waits again; `was` says what it had been: approved or rejected",
    "assessment.withdrawn": "that it was taken back",
    "assessment.restored": "that it stands again",
    "claim.withdrawn": "that the claim was recorded by mistake",
    "claim.restored": "that it stands again",
    "case.withdrawn": "the same of a case",
    "case.restored": "that it stands again",
    "source.withdrawn": "the same of a source that no evidence rests on",
    "source.restored": "that it stands again",
    "entity.withdrawn": "the same of an entity that no claim is about",
    "entity.restored": "that it stands again",
    "question.withdrawn": "the same of a question that no claim answers",
    "question.restored": "that it stands again",
    "document.withdrawn": "the same of a document that no evidence was read in",
    "document.restored": "that it stands again",
    "claim.published": "that its status was published: `place`, `on` which day, and what it was (status, "
    "likelihood, confidence, policy, `as_of`; `recorded_by` where it is that of an earlier day), note",
    "publication.withdrawn": "that this was a mistake; `publication` is the entry that it was",
    "publication.restored": "that it was none",
    "entry.redacted": "texts that were taken out for ever: `what` kind of record, which `fields`, the "
    "`entries` that lost their text, each with its hash (`leaf`) and what stands in for it (`instead`), and "
    "the `files` whose bytes went",
}
SECTIONS = {
    "case": "One case; all claims of the file belong to it unless they name another.",
    "sources": "By key: who speaks.",
    "entities": "By key: people, groups, places and incidents.",
    "documents": "By key: what was published.",
    "questions": "By key: what rival claims answer.",
    "claims": "By key: what is claimed.",
    "evidence": "A list inside a claim: who says what of it.",
    "links": "A list: what one claim is to another.",
    "assessments": "A list: people's own verdicts.",
    "withdrawn": "Inside a piece of evidence; give one of the first two.",
    "grades": "A list inside a source: all its grades, oldest first, the last the same as `reliability`.",
    "date": "Where a date must mean the same on whatever day the file is read.",
}
FIELDS: dict[str, dict[str, str]] = {
    "case": {
        "key": "its key; never changes",
        "title": "what it is called",
        "about": "what it is about",
        "policy": "the [policy](policies.md) that resolves its claims, `none` for the tracker's own",
        "rules-off": "the [contradiction rules](resolver.md#ties-and-leaning) that are switched off in it",
        "needs-approval": "whether [a second person](team.md#a-second-person) must approve assessments in it",
    },
    "sources": {
        "name": "what it is called",
        "type": "see [source types](vocabulary.md#source); `other` unless given",
        "sides": "the camps it belongs to, the closest first; the first one decides its line",
        "owner": "who owns or directs it; decides its line before any side does",
        "reliability": "its present Admiralty grade, A to F",
        "url": "where it publishes",
        "note": "anything to remember",
        "grades": "the grades it was given over time; read only when the source is new",
    },
    "entities": {
        "name": "its main name",
        "type": "see [entity types](vocabulary.md#entity); `other` unless given",
        "aliases": "other names and spellings",
        "wikidata": "its Wikidata item",
        "note": "anything to remember",
        "merged-into": "the key of the entity that it in truth is",
    },
    "documents": {
        "title": "its title, or what it is",
        "publisher": "the key of the source that published it",
        "author": "who wrote it",
        "url": "where it is",
        "published": "when it came out",
        "sha256": "the digest of its archived bytes; written by export, not read by import",
        "note": "anything to remember",
    },
    "questions": {
        "text": "the question in words",
        "exactly-one": "whether one of the answers must be right",
        "counted": "for counts: who or what is counted",
        "cumulative": "for counts: whether the number can only grow from one day to the next",
    },
    "claims": {
        "text": "what is claimed, in words",
        "kind": "see [kinds](vocabulary.md#kind); `other` unless given",
        "subject": "the entity it is about: key or name",
        "value": "the answer: an entity, a count or words, as the kind asks",
        "when": "when it happened, or held",
        "where": "the place; an entity's name is recognised",
        "question": "the question that it answers: key, or a new one in words",
        "case": "another case than the file's",
        "lang": "the language of its words (BCP 47)",
        "external-id": "its id elsewhere",
        "ongoing": "whether it is a state that goes on, and can go stale; without it, its kind says so",
        "note": "anything to remember",
        "evidence": "who says what of it",
    },
    "evidence": {
        "key": "its key; made from claim and source unless given",
        "source": "who says it: key or name",
        "stance": "see [stances](vocabulary.md#stance)",
        "published": "when the source said it",
        "document": "the key of the document it was read in",
        "locator": "where in the document; needs a document",
        "quote": "the source's own words; needs a document",
        "credibility": "Admiralty credibility, 1 to 6",
        "basis": "how the source knows",
        "side": "whose side it serves",
        "relays": "the source, or the evidence on the same claim, that it merely passes on",
        "note": "anything to remember",
        "withdrawn": "that it was taken back",
    },
    "links": {
        "claim": "the key of the one claim",
        "relation": "see [relations](vocabulary.md#link)",
        "to": "the key of the other claim",
        "rule": "the rule that found it, if no person made it; only what was resolved of these is written",
        "reason": "why",
        "state": "`resolved` where it no longer holds",
        "resolution": "why it no longer holds",
    },
    "assessments": {
        "claim": "the key of the claim",
        "status": "the verdict, one of the [statuses](vocabulary.md#status)",
        "likelihood": "a probability: `0.8` or `80%`",
        "by": "whose verdict; the one who imports unless given",
        "on": "of which day; the day of import unless given",
        "reason": "why",
        "proposed": "`true` where it waits for a second person",
    },
    "withdrawn": {
        "by-source": "the day on which the source took it back",
        "mistake": "`true` where it was our own error",
        "reason": "why",
    },
    "grades": {
        "grade": "A to F",
        "reason": "why",
    },
    "date": {
        "edtf": "the value in EDTF",
        "words": "the words as the source had them",
    },
}
