"""Acts on what claims are about: entities with their names, cases, and questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, Conflict, NotFound
from claims.keys import check_key
from claims.model import Case, Entity, Question
from claims.resolve.rules import check_rule
from claims.vocabulary import EntityType, read_word
from tracker.app.desk import Desk, need_reason
from tracker.app.limits import check_revision, distinct_words, need_words
from tracker.app.policies import load_policy
from tracker.app.sourcing import fresh_key
from tracker.journal.payload import changes, payload_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.store.read import Reader


class NameActs(Desk):
    """Registering, naming and merging entities; cases and questions."""

    def add_entity(
        self,
        name: str,
        *,
        key: str | None = None,
        type: str = "other",  # noqa: A002 - the field's own word
        aliases: Sequence[str] = (),
        wikidata: str | None = None,
        note: str | None = None,
        reason: str = "",
    ) -> Entity:
        """Register a person, group, place or incident with its names."""
        with self.act() as act, self.lookup() as look:
            entity = Entity(
                key=fresh_key(key, name, look.taken("entities"), "entity"),
                name=need_words(name, "the name of an entity"),
                type=read_word(EntityType, type, "entity type"),
                aliases=_distinct(aliases, name),
                wikidata=wikidata,
                note=note,
            )
            act.append("entity.registered", entity.key, payload_of(entity), reason)
            return entity

    def revise_entity(self, entity: str, *, reason: str, **fields: Any) -> Entity:
        """Change what is known of an entity: name, type, aliases, wikidata, note; None takes one out."""
        check_revision(fields, ("name", "type", "aliases", "wikidata", "note"), ("name", "type"), "an entity")
        if "type" in fields:
            fields["type"] = read_word(EntityType, fields["type"], "entity type")
        with self.act() as act, self.lookup() as look:
            before = look.entity(entity)
            if "name" in fields:
                fields["name"] = need_words(fields["name"], "the name of an entity")
            if "aliases" in fields:
                fields["aliases"] = _distinct(fields["aliases"] or (), fields.get("name", before.name))
            after = replace(before, **fields)
            if changed := changes(before, after):
                act.append("entity.revised", before.key, changed, need_reason(reason))
            return after

    def alias_entity(self, entity: str, aliases: Sequence[str], *, reason: str = "") -> Entity:
        """Add other names or spellings to an entity."""
        why = reason or "another name or spelling"
        with self.act(), self.lookup() as look:  # read and written as one, or two at once lose one
            before = look.entity(entity)
            return self.revise_entity(before.key, reason=why, aliases=(*before.aliases, *aliases))

    def merge_entity(self, entity: str, into: str, *, reason: str) -> Entity:
        """Say that one entity is in truth another; its claims are then about that one. Reversible."""
        with self.act() as act, self.lookup() as look:
            one, other = look.entity(entity), look.entity(into)
            if one.key == other.key:
                raise Conflict(f"{one.key} cannot be merged into itself", "name two entities")
            if one.merged_into is not None:
                raise Conflict(
                    f"{one.key} is merged into {one.merged_into} already",
                    f"undo that first: tracker entity unmerge {one.key} --reason …",
                )
            if other.merged_into is not None:
                raise Conflict(
                    f"{other.key} is itself merged into {other.merged_into}",
                    f"merge into {other.merged_into}",
                )
            act.append("entity.merged", one.key, {"into": other.key}, need_reason(reason))
            return replace(one, merged_into=other.key)

    def unmerge_entity(self, entity: str, *, reason: str) -> Entity:
        """Take a merge back."""
        with self.act() as act, self.lookup() as look:
            one = look.entity(entity)
            if one.merged_into is None:
                raise Conflict(
                    f"{one.key} is not merged into another entity", f"see: tracker entity show {one.key}"
                )
            payload = {"from": one.merged_into}
            act.append("entity.unmerged", one.key, payload, need_reason(reason))
            return replace(one, merged_into=None)

    # --- cases and questions ----------------------------------------------------------------

    def add_case(
        self,
        key: str,
        *,
        title: str = "",
        about: str = "",
        policy: str | None = None,
        rules_off: Sequence[str] | None = None,
        needs_approval: bool | None = None,
        reason: str = "",
    ) -> Case:
        """Open a case, or bring its title and description up to date. ``policy`` names the one that
        resolves its claims, ``rules_off`` the contradiction rules that are switched off among them,
        ``needs_approval`` is whether assessments in it need a second person; where it is open already
        and they are not named, it keeps those that it has.

        Raises :class:`NotFound` for a policy that is not registered, :class:`BadValue` for a rule.
        """
        with self.act() as act, self.reading() as reader:
            before = reader.cases([key]).get(key)
            known = before or Case(key=check_key(key))
            chosen = known.policy if policy is None else _policy_label(policy)
            off = known.rules_off if rules_off is None else _rules(rules_off)
            approval = known.needs_approval if needs_approval is None else needs_approval
            case = replace(
                known, title=title, about=about, policy=chosen, rules_off=off, needs_approval=approval
            )
            if before is None:
                act.append("case.recorded", key, payload_of(case), reason)
            elif changed := changes(before, case):
                act.append("case.revised", key, changed, reason)
            return case

    def open_case(
        self,
        key: str,
        *,
        title: str = "",
        about: str = "",
        policy: str | None = None,
        rules_off: Sequence[str] = (),
        needs_approval: bool | None = None,
        reason: str = "",
    ) -> Case:
        """Open a new case. Raises :class:`Conflict` where the key is taken."""
        with self.act(), self.reading() as reader:
            if key in reader.cases([key]):
                raise Conflict(
                    f"there is a case {key} already", f"change it with: tracker case revise {key} --reason …"
                )
            return self.add_case(
                key,
                title=title,
                about=about,
                policy=policy,
                rules_off=rules_off,
                needs_approval=needs_approval,
                reason=reason,
            )

    def revise_case(
        self, case: str, *, reason: str, off: Sequence[str] = (), on: Sequence[str] = (), **fields: Any
    ) -> Case:
        """Change the title or description of a case, or the policy that resolves its claims: a name,
        a name@version, or "none" for the tracker's own; switch contradiction rules ``off`` in it or
        ``on`` again; say with ``needs_approval`` whether assessments made in it from now on need a second
        person.

        Raises :class:`NotFound` for a case that is not there, and a policy that is not registered.
        """
        known = ("title", "about", "policy", "needs_approval")
        if unknown := sorted(set(fields).difference(known)):
            raise BadValue(
                f"a case has no {unknown[0]!r} that could be revised", f"it has: {', '.join(known)}"
            )
        if fields.get("policy") is not None:
            fields["policy"] = _policy_label(fields["policy"])
        with self.act() as act, self.reading() as reader:
            before = _one_case(case, reader)
            rules_off = (set(before.rules_off) | set(_rules(off))) - set(_rules(on))
            after = replace(before, rules_off=tuple(sorted(rules_off)), **fields)
            if changed := changes(before, after):
                act.append("case.revised", before.key, changed, need_reason(reason))
            return after

    def add_question(
        self,
        text: str,
        *,
        key: str | None = None,
        exactly_one: bool = False,
        counted: str | None = None,
        cumulative: bool = False,
        reason: str = "",
    ) -> Question:
        """Pose a question that rival claims answer. For counts, ``counted`` says who or what is
        counted, and ``cumulative`` that the number can only grow from one day to the next."""
        with self.act() as act, self.lookup() as look:
            question = Question(
                key=fresh_key(key, text, look.taken("questions"), "question"),
                text=need_words(text, "the text of a question"),
                exactly_one=exactly_one,
                counted=counted and need_words(counted, "what a question counts"),
                cumulative=cumulative,
            )
            act.append("question.recorded", question.key, payload_of(question), reason)
            return question

    def revise_question(self, key: str, *, reason: str, **fields: Any) -> Question:
        """Change a question: text, exactly_one, counted, cumulative. What is not named stays; None
        takes out what is counted."""
        known = ("text", "exactly_one", "counted", "cumulative")
        check_revision(fields, known, ("text", "exactly_one", "cumulative"), "a question")
        with self.act() as act, self.lookup() as look:
            before = look.question(key)
            if "text" in fields:
                fields["text"] = need_words(fields["text"], "the text of a question")
            after = replace(before, **fields)
            if changed := changes(before, after):
                act.append("question.revised", before.key, changed, need_reason(reason))
            return after

    def question_key(self, text: str) -> str:
        """The key of a question named by key, or posed here in words."""
        with self.reading() as reader:
            if text in reader.questions([text]):
                return text
        if " " in text.strip():
            return self.add_question(text).key
        return self.add_question(text, key=text).key

    def case_key(self, key: str) -> str:
        """The key of a case, opened here if it is new."""
        with self.reading() as reader:
            if key in reader.cases([key]):
                return key
        return self.add_case(key).key


def _policy_label(text: str) -> str | None:
    """The label of a registered policy by name; None for "none"."""
    return None if text.strip().lower() == "none" else load_policy(text.strip()).label


def _one_case(key: str, reader: Reader) -> Case:
    found = reader.cases([key]).get(key)
    if found is None:
        known = ", ".join(key for key, case in reader.cases().items() if not case.withdrawn) or "none"
        raise NotFound(f"there is no case {key!r}", f"the cases here are: {known}")
    return found


def _distinct(aliases: Sequence[str], name: str) -> tuple[str, ...]:
    """Other names, each once, in order, without the main one."""
    return tuple(alias for alias in distinct_words(aliases) if alias != name.strip())


def _rules(names: Sequence[str]) -> tuple[str, ...]:
    """Names of contradiction rules, each once, in order; raises :class:`BadValue` for another word."""
    return tuple(sorted({check_rule(name) for name in names}))
