"""The numbers of learning from agreement, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """All numbers that ``claims.agreement`` uses.

    Nothing here is learned from labels, but the numbers were *chosen* by people who could see the
    true answers of seven public sets (rte, bluebird, book, population, birthplaces, heritages,
    flight) and of synthetic worlds. Accuracy on those sets is therefore an in-sample figure.
    ``docs/agreement.md`` says how flat the choices are.

    Records of sources:

    ``source_prior``: a source counts as this many further assertions of the average source. 2 to 10
    change each of the seven sets by a point at most.
    ``label_prior``: its rate for one label starts as this many assertions of its overall record.
    2 to 5 are alike; at 7 and more, tables with two rates per source (bluebird) lose two points.
    ``base_prior``: a label's base rate starts as this many questions at one over the number of
    candidates. 5 to 50 are alike.
    ``spoke_prior``: the base rate among the questions that one source spoke on starts as this many
    of the label's base rate. 1 to 2 are alike; at 5 population loses a point.
    ``floor``: rates stay between this and one less it, so that no assertion weighs more than
    5.3 nats. Set by hand.

    Wrong answers:

    ``pattern``: the part of the pattern term that is believed, since the model of how wrong answers
    cluster is rough. At 1, book loses two points.

    Rounds:

    ``rounds``: at most so many; fewer where sources have spoken seldom (``4 + rows per source / 5``),
    because records confirm themselves. 7 to 10 are alike on the seven sets; fewer rounds cost book a
    point, more cost worlds in which all sources are about equally good. ``tolerance``: rounds stop
    when the counts move by less than this per row.

    Calm:

    ``familiar``: a source that has spoken n times speaks for itself to the part
    n³ / (n³ + familiar³); for the rest, its assertion is a mere vote. Copying shows only in
    what two sources both said, so the power to see it grows with the square of n, and until it could be
    seen, records must not be trusted. Number and power were chosen on synthetic worlds (20 to 30, second to
    fourth power), with other seeds than those of the benchmark, and on seven sets that hardly mind them:
    a smaller number or power serves worlds in which nobody copies, and those between the two in which it
    can just be seen; a greater one those in which it cannot yet.
    ``telling``: ``familiar`` is at least this part of the length at which sources' records differ by more
    than chance (see ``differences``). One half to a quarter are alike.
    ``vote_smoothing``: added to the votes of every candidate, so that no answer is impossible. Chosen
    small: at 0 the likelihood of sources never heard before is exactly the vote share. At 0.1 it is worse
    than that by .001 of Brier score where five independent sources speak on each claim.

    Syndicates:

    ``evidence``: nats by which copying must explain the agreement of a group better than
    independence. Independent worlds of up to 10,000 claims stayed below it.
    ``least_echo``: the least share of comparisons in which a group must speak with one mouth, if it
    was picked for keeping company. ``least_echo_of_alike``: the same if it was picked because
    its members agree, where chance has had a choice. Sources that are merely good reach .35 (rte).
    ``belongs``: log-odds with which a source must seem to belong while a group grows.
    ``seed``: nats from which two sources are worth looking at. ``failures``: after so many groups
    that came to nothing, the search ends. ``sample_rows`` and ``lags``: how many rows, and how many
    neighbours of each row on its question, are looked at; both bound the time.
    """

    source_prior: float = 3.0
    label_prior: float = 4.0
    base_prior: float = 10.0
    spoke_prior: float = 1.0
    floor: float = 0.005
    pattern: float = 0.5
    rounds: int = 7
    tolerance: float = 1e-4
    familiar: float = 25.0
    telling: float = 0.25
    vote_smoothing: float = 0.01
    evidence: float = 10.0
    least_echo: float = 0.4
    least_echo_of_alike: float = 0.6
    belongs: float = 3.0
    seed: float = 3.0
    failures: int = 100
    sample_rows: int = 50_000
    lags: int = 15


DEFAULT = Parameters()
