"""Prints how well agreement alone says who is right: ``python -m benchmarks.agreement [PART]``.

``ladder``: public sets with known answers (``--data``, the folder that holds them). ``copying``: synthetic
worlds in which sources copy one another, or do not, at several sizes. ``speed``: a million claims. Peers of
the package crowd-kit run only where it is installed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.ladder import SETS, Gold, emergent, flight, ladder
from benchmarks.peers import CROWDKIT, SLOW_ROWS, crowd_kit, crowd_kit_is_here, truth_finder
from benchmarks.worlds import World, accuracy, brier, draw, marks, vote_share
from claims.agreement import find_syndicates, learn, resolve, tabulate, weigh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.worlds import Drawn
    from claims.agreement import Answers, Table

DATA = Path(__file__).parents[2] / "shared" / "data"
BEST = {
    "rte": ".930",
    "bluebird": ".898",
    "book": ".870",
    "population": ".824",
    "birthplaces": ".887",
    "heritages": ".721",
    "flight": ".917",
    "emergent": ".72",
}
"""The best of thirty public implementations as others measured it (the data's README); flight on 31 days
and with another reading of its times, emergent with the half that is not given."""
SEEDS = range(9001, 9009)
COPY = World(claims=0)
HONEST = replace(COPY, copied=0.0)
VARIATIONS = {
    "pairs of copiers on a claim": replace(COPY, together=2),
    "60 syndicates of 5": replace(COPY, syndicates=60, members=5),
    "5 syndicates of 60": replace(COPY, syndicates=5, members=60),
    "half of the claims": replace(COPY, copied=0.5),
    "a tenth of the claims": replace(COPY, copied=0.1),
    "copying 70 % of the time": replace(COPY, echo=0.7),
    "an origin right 70 %": replace(COPY, origin_right=0.7),
    "an origin right 20 %": replace(COPY, origin_right=0.2),
    "nobody copies": HONEST,
    "nobody copies, 50 beats": replace(HONEST, beats=50),
    "50 beats, alike within each": replace(HONEST, beats=50, alike=True),
}


def main() -> None:
    """Run one part, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["ladder", "copying", "speed"])
    parser.add_argument("--data", type=Path, default=DATA, help="where ladder/, flight/ and emergent/ are")
    parser.add_argument("--quick", action="store_true", help="fewer seeds, smaller worlds")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_size(given.one)
        return
    if given.part in {None, "ladder"}:
        on_the_ladder(given.data)
    if given.part in {None, "copying"}:
        copying(quick=given.quick)
    if given.part in {None, "speed"}:
        speed((10**4, 10**5) if given.quick else (10**4, 10**5, 10**6))


# --- the ladder -----------------------------------------------------------------------------


def on_the_ladder(data: Path) -> None:
    """Accuracy on sets with known answers, beside that of peers in the same run."""
    if not data.is_dir():
        print(f"no data at {data}: say where with --data")
        return
    print(
        "\nAccuracy, no labels used (the numbers were chosen on these sets: in-sample); ties count as a guess"
    )
    print(
        f"{'set':<14}{'rows':>8}{'majority':>10}{'best peer':>11}{'ours':>8}{'no look':>9}"
        f"{'precision':>11}  suspected"
    )
    golds = {name: ladder(data, name) for name in SETS}
    golds["flight"] = flight(data)
    golds["flight, times"] = flight(data, gates=False)
    golds["emergent"] = emergent(data)
    for name, gold in golds.items():
        found = resolve(gold.table)
        blind = resolve(gold.table, look=False)
        print(
            f"{name:<14}{gold.table.rows:>8}{gold.majority():>10.4f}{BEST.get(name, '-'):>11}"
            f"{gold.accuracy(found.answers):>8.4f}{gold.accuracy(blind.answers):>9.4f}{gold.precision(found.answers):>11.4f}"
            f"  {' '.join(str(len(one.members)) for one in found.suspicions) or '-'}"
        )
    print("precision: of the questions that are not contested")
    peers_on_the_ladder(golds)


def peers_on_the_ladder(golds: dict[str, Gold]) -> None:
    """The same of others' rules. Those of crowd-kit hold a column for every label, and are run on few."""
    print(f"\n{'peer':<20}" + "".join(f"{name:>14}" for name in golds))
    rule = [gold.accuracy_of_score(truth_finder(gold.table)) for gold in golds.values()]
    print(f"{'TruthFinder-like':<20}" + "".join(f"{mark:>14.4f}" for mark in rule))
    if not crowd_kit_is_here():
        print("crowd-kit is not installed: its methods are left out")
        return
    for method in CROWDKIT:
        cells = [f"{peer_mark(method, gold):>14}" for gold in golds.values()]
        print(f"{method:<20}" + "".join(cells))


def peer_mark(method: str, gold: Gold) -> str:
    """A peer's accuracy as text."""
    table = gold.table
    if table.labels > 10 or (method in {"GLAD", "MACE"} and table.rows > SLOW_ROWS):
        return "-"
    score = crowd_kit(method, table)
    return "failed" if score is None else f"{gold.accuracy_of_score(score):.4f}"


# --- copying --------------------------------------------------------------------------------


def copying(*, quick: bool) -> None:
    """Worlds in which some copy: declared, suspected, and neither."""
    seeds = SEEDS[:2] if quick else SEEDS
    sizes = (300, 1_000, 3_000) if quick else (300, 1_000, 3_000, 5_000, 10_000, 30_000)
    print(
        f"\nAccuracy/Brier, mean of {len(seeds)} seeds; worst: the largest Brier of 'found' less the vote's"
    )
    print(
        f"{'world':<28}{'claims':>7}{'vote':>13}{'declared':>13}{'no look':>13}{'found':>13}{'worst':>9}"
        f"{'groups':>8}{'members':>9}{'outsiders':>11}"
    )
    for size in sizes:
        one_world("copy world", replace(COPY, claims=size), seeds)
    for name, world in VARIATIONS.items():
        for size in (300, 1_000, 3_000) if quick else (300, 1_000, 3_000, 10_000):
            one_world(name, replace(world, claims=size), seeds[: len(seeds) // 2])


def one_world(name: str, world: World, seeds: range) -> None:
    """One line: the mean over seeds, and the worst."""
    rows = np.array([trial(draw(world, seed)) for seed in seeds])
    mean, worst = rows.mean(axis=0), float((rows[:, 7] - rows[:, 1]).max())
    pairs = "".join(f"{mean[at]:>7.3f}/{mean[at + 1]:.3f}" for at in (0, 2, 4, 6))
    print(f"{name:<28}{world.claims:>7}{pairs}{worst:>+9.4f}{mean[8]:>8.1f}{mean[9]:>9.0f}{mean[10]:>11.0f}")


def trial(drawn: Drawn) -> list[float]:
    """Marks of the vote share, with groups declared, without looking, and looking; what was found."""
    share = vote_share(drawn.table)
    found = resolve(drawn.table)
    inside = {member for group in drawn.syndicates for member in group}
    named = [int(name) for one in found.suspicions for name in one.members]
    members = sum(name in inside for name in named)
    return [
        accuracy(share, drawn.truth),
        brier(share, drawn.truth),
        *marks(resolve(drawn.table, declared=drawn.syndicates).answers, drawn.truth),
        *marks(resolve(drawn.table, look=False).answers, drawn.truth),
        *marks(found.answers, drawn.truth),
        len(found.suspicions),
        members,
        len(named) - members,
    ]


# --- speed ----------------------------------------------------------------------------------


def speed(sizes: tuple[int, ...]) -> None:
    """Each size in a process of its own, so that its peak of memory is its own."""
    print("\nSeconds, 5 assertions per claim, 1,000 sources, two threads; peak MB of the process so far")
    print(
        f"{'claims':>9}{'table':>8}{'look':>7}{'learn':>7}{'in all':>8}{'CPU':>7}{'MB':>6}"
        f"{'given':>8}{'MB':>6}{'crowd-kit DS':>14}{'MB':>6}"
    )
    for size in sizes:
        sys.stdout.flush()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.agreement", "speed", "--one", str(size)], check=True
        )


def one_size(size: int) -> None:
    """One line of the table of times."""
    questions, labels, sources = columns(size)
    began, busy = time.perf_counter(), time.process_time()
    table = tabulate(questions, labels, sources, answers=(0, 1))
    made = time.perf_counter()
    find_syndicates(table)
    looked = time.perf_counter()
    answers: Answers = learn(table, threads=2)
    learned, worked, peak = time.perf_counter(), time.process_time() - busy, megabytes()
    weigh(table, answers.records, threads=2)
    given = time.perf_counter()
    print(
        f"{size:>9}{made - began:>8.2f}{looked - made:>7.2f}{learned - looked:>7.2f}{learned - began:>8.2f}"
        f"{worked:>7.2f}{peak:>6.0f}{given - learned:>8.2f}{megabytes():>6.0f}",
        end="",
    )
    print(peer_time(table), flush=True)


def columns(size: int) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]:
    """Claims by five of 1,000 independent sources, as columns in memory."""
    chance = np.random.default_rng(1)
    reliability = chance.uniform(0.40, 0.95, 1000)
    source = chance.integers(0, 200, (size, 5), dtype=np.int32) + np.arange(0, 1000, 200, dtype=np.int32)
    right = chance.random((size, 5)) < reliability[source]
    stance = (right == (chance.random(size) < 0.5)[:, None]).astype(np.int8)
    return np.repeat(np.arange(size, dtype=np.int32), 5), stance.ravel(), source.ravel()


def peer_time(table: Table) -> str:
    """Seconds and peak memory of crowd-kit's Dawid–Skene on the same table, from columns to probabilities."""
    if not crowd_kit_is_here():
        return "   not installed"
    import pandas as pd
    from crowdkit.aggregation import DawidSkene

    began = time.perf_counter()
    frame = pd.DataFrame(
        {
            "task": table.question[table.candidate],
            "worker": table.source,
            "label": table.label[table.candidate],
        }
    )
    DawidSkene().fit_predict_proba(frame)
    return f"{time.perf_counter() - began:>14.2f}{megabytes():>6.0f}"


def megabytes() -> float:
    """The peak of this process's memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
