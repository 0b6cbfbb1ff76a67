"""Questions and their rival answers; links and the rules that find them."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING

from claims.resolve.rules import RULES, answer_of, check_rule
from claims.tolls import readings_of, toll_of
from claims.vocabulary import LinkState, read_word
from tracker.app.linklists import links_of_view, page_of_links
from tracker.app.reading import Questions
from tracker.report.models import Answer, QuestionRecord, RuleRecord
from tracker.store import journal, pending
from tracker.store.pages import Stretch, link_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from claims.model import Case, Link, Question
    from claims.tolls import Toll
    from tracker.report.standing import Standing

ALIKE = 0.005
"""Answers whose likelihoods differ by less than half a percentage point lead together."""


MOST_REVISED = 200
"""Claims that were revised since a moment, and may have answered another question then: of more, to replay
all is no dearer."""


class Asking(Questions):
    """What is asked, what contradicts what, and by which rules."""

    def questions(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Question]:
        """Questions by key: all of them, or the first ``limit`` whose keys come ``after`` one."""
        with self.listed("questions", Stretch(after or "", most=limit), recorded_by) as (reader, keys):
            return list(reader.questions(keys).values())

    def question(
        self,
        question: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> QuestionRecord:
        """A question with its rival answers, which of them leads, and what its counts come to."""
        about = None if recorded_by is None else self._answering_then(question, recorded_by)
        with self.view(as_of, recorded_by, policy, about=about) as view:
            found = self.lookup_in(view).question(question)
            keys = view.reader.claims_answering([found.key])
            standings = self.standings(view, keys, as_of, recorded_by, policy) if keys else []
            dossier = view.reader.dossier({each.key for each in standings}, closed=True)
            given: dict[str, list[Standing]] = defaultdict(list)
            for each in standings:
                given[answer_of(each.claim, dossier)].append(each)
            likelihoods = {each.key: each.likelihood for each in standings}
            readings = readings_of(dossier, likelihoods, view.as_of)
            toll = toll_of(readings, cumulative=found.cumulative)
            answers = _ordered(given.values())
            return QuestionRecord(question=found, answers=answers, leading=_leading(answers, toll), toll=toll)

    def _answering_then(self, question: str, recorded_by: str | int | date) -> list[str] | None:
        """Claims among which are all that answered a question at a moment, and of which its record is part
        then; None where that is not known."""
        with self.reading() as reader:
            last = self.read_moment(recorded_by, reader).entry
            entries = journal.read_rare(reader.connection, ["claim.revised"], last, MOST_REVISED + 1)
            revised = {entry.subject for entry in entries}
            answering = reader.claims_answering([question.strip()])
            there = journal.recorded_among(reader.connection, answering | revised, "claim.recorded", last)
        is_sure = len(entries) <= MOST_REVISED and bool(there & answering - revised)
        return sorted(there) if is_sure else None

    def cases(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Case]:
        """Cases that were not withdrawn, by key: all of them, or a page as of :meth:`questions`."""
        with self.listed("cases", Stretch(after or "", most=limit), recorded_by) as (reader, keys):
            return list(reader.cases(keys).values())

    # --- links and rules --------------------------------------------------------------------

    def links(
        self,
        claim: str | None = None,
        *,
        state: str | None = None,
        rule: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Link]:
        """Links between claims, by key: those that people made, and the contradictions that rules
        found. All that stand, or those of a claim, in a state, or found by a rule; of these the first
        ``limit`` whose keys come ``after`` one. What rules find depends on the day, by what was public;
        what people made only on what was recorded."""
        wanted = read_word(LinkState, state, "state of a link") if state is not None else None
        named = check_rule(rule) if rule is not None else None
        stretch = Stretch(after or "", most=limit)

        def fits(link: Link) -> bool:
            is_in_state = link.state is wanted if wanted else link.state is not LinkState.WITHDRAWN
            return is_in_state and (named is None or link.rule == named)

        if claim is None and recorded_by is not None and limit is not None:
            return self._links_then(recorded_by, as_of, stretch, fits)
        with self.view(as_of, recorded_by, about=None if claim is None else [claim]) as view:
            connection = view.reader.connection
            if claim is None and view.stored and not pending.is_any(connection):
                keys = link_keys(connection, stretch, state=wanted, rule=named)
                return list(view.reader.links(keys).values())
            if claim is None:
                return links_of_view(view, stretch, fits)
            found = view.links([self.lookup_in(view).claim(claim).key])
        return [found[key] for key in stretch.of(sorted(found)) if fits(found[key])]

    def _links_then(
        self,
        recorded_by: str | int | date,
        as_of: str | date | None,
        stretch: Stretch,
        fits: Callable[[Link], bool],
    ) -> list[Link]:
        """A page of the links that there were at a moment: a portion of the claims at a time, and of the
        journal only what bears on them."""
        from tracker.app.partial import part_of

        with self.reading() as reader, ExitStack() as stack:
            until = self.read_moment(recorded_by, reader)
            whole = self.whole_then(stack, reader, until, as_of)
            near = stack.enter_context(part_of(reader.connection, until.entry)).near

            def links_of(keys: list[str]) -> dict[str, Link]:
                tied = keys if near is None else near.in_company(keys)
                there = journal.recorded_among(reader.connection, tied, "claim.recorded", until.entry)
                if not there:
                    return {}
                with self.view_then(reader, until, whole, as_of, about=sorted(there)) as view:
                    return view.links(there)

            return page_of_links(reader.connection, links_of, stretch, fits)

    def rules(
        self, *, policy: str | None = None, recorded_by: str | int | date | None = None
    ) -> list[RuleRecord]:
        """Every contradiction rule, with its price by a policy: a named one, or the tracker's own, as
        it was in force at a moment."""
        chosen = self.policy_then(recorded_by, policy)
        return [
            RuleRecord(rule=rule, price=chosen.rules.get(name, 0.0), policy=chosen.label)
            for name, rule in RULES.items()
        ]


def _ordered(given: Iterable[list[Standing]]) -> tuple[Answer, ...]:
    """Answers, the likeliest first, and within each the likeliest claim first."""
    answers = [
        Answer(claims=tuple(sorted(claims, key=lambda each: (-each.likelihood, each.key))))
        for claims in given
    ]
    return tuple(sorted(answers, key=lambda answer: (-answer.likelihood, answer.claims[0].key)))


def _leading(answers: tuple[Answer, ...], toll: Toll | None) -> tuple[Answer, ...]:
    """The answers that are as likely as the likeliest of those that somebody speaks for. Of counts
    only those that stand: an outgrown number of yesterday may be likely, and leads no more."""
    held = [answer for answer in answers if answer.is_held]
    if toll is not None:
        held = [answer for answer in held if any(each.key in toll.standing for each in answer.claims)]
    if not held:
        return ()
    most = max(answer.likelihood for answer in held)
    return tuple(answer for answer in held if most - answer.likelihood < ALIKE)
