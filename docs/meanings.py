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
