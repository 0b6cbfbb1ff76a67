"""``tracker policy evaluate`` and ``fit``: policies measured on settled claims, and fitted to them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import clock, format_option, together
from tracker.cli.output import emit_json, emit_object, emit_rows, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.app.policyfiles import Refit
    from tracker.app.settled import Settled
    from tracker.report.measuring import Evaluation

MOST_SHOWN = 10
"""Rows that could not be taken, of which each is named."""

map_option = click.option(
    "--map",
    "map_name",
    required=True,
    metavar="NAME",
    help="What its columns mean: emergent, values, …, or a TOML file.",
)
chance_options = together(
    click.option("--repeats", type=click.IntRange(1, 100), default=5, show_default=True, help="How often."),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the dealing."),
)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@map_option
@click.option(
    "--gold", multiple=True, metavar="FILE", help="For tables of values: the true value of some items."
)
@click.option(
    "--policy",
    "names",
    multiple=True,
    metavar="NAME",
    help="Name or .json file; several are set side by side.",
)
@click.option("--folds", type=click.IntRange(2, 100), help="Also fit anew and measure on claims held back.")
@chance_options
@format_option
def evaluate(
    files: tuple[str, ...],
    map_name: str,
    gold: tuple[str, ...],
    names: tuple[str, ...],
    folds: int | None,
    repeats: int,
    seed: int,
    format_: str,
) -> None:
    """Measure how well a policy does on settled claims.

    FILE is a CSV table with a piece of evidence in each row, and how its claim ended. No tracker is
    read or written. Every claim is resolved as of the last day in the file; "right for good" is
    found by replaying it day by day.

    With --folds, a policy's numbers are fitted anew to all claims but those of one fold, and
    these are measured; for each fold, and --repeats times over. The same seed gives the same figures.

    With --map values, rows are item, source, value: rival values, of which one is right. Which one
    is learned from who agrees with whom, without grades or labels; no policy is asked. With --gold
    (item, value) the answers are measured; without it, --format csv or json prints them.

    \b
    Example:  tracker policy evaluate rumours.csv --map emergent
              tracker policy evaluate births.csv.gz --map values --gold births-gold.csv
    """
    from tracker.app.maps import load_map
    from tracker.formats.csvmap import EVIDENCE

    chosen = load_map(map_name)
    if chosen.holds != EVIDENCE:
        from tracker.cli.rivals import evaluate_values

        if names or folds is not None:
            raise click.UsageError("--policy and --folds are for tables of evidence, not of values")
        evaluate_values(files, gold, chosen, format_)
        return
    from tracker.app.evaluating import evaluate_all

    if gold:
        raise click.UsageError("--gold is for tables of values: --map values")
    if len(files) > 1:
        raise click.UsageError("a table of evidence is one FILE")
    settled = _settled(files[0], map_name)
    found = evaluate_all(settled, names or (None,), folds, repeats, seed)
    _show_evaluations(settled, found, format_)


def _show_evaluations(settled: Settled, found: Sequence[Evaluation], format_: str) -> None:
    from tracker.report import measuring

    if format_ != "table":
        rejected = [{"row": each.row, "error": each.message} for each in settled.rejected]
        rows = [measuring.as_json(it) | {"read": settled.read, "rejected": rejected} for it in found]
        if format_ == "json":
            emit_json(rows[0] if len(rows) == 1 else rows)
        else:
            emit_rows(rows, format_)
        return
    from tracker.cli.tables import draw, show_lines

    _show_rejected(settled)
    draw(measuring.side_by_side(found))
    for it in found:
        show_lines(["", f"{it.policy}, as of {it.as_of}:"])
        draw(measuring.calibration(it))
        show_lines(["", *measuring.plot(it), ""])
        draw(measuring.confusion(it))


@click.command()
@click.argument("file", metavar="FILE")
@map_option
@click.option("-o", "--output", required=True, metavar="POLICY.json", help="Where to write the policy.")
@click.option("--name", metavar="NAME", help="What to call it (default: the next version of --from).")
@click.option("--from", "start", metavar="NAME", help="The policy to start from and to stay near.")
@click.option("--folds", type=click.IntRange(2, 100), default=10, show_default=True, help="Parts held back.")
@chance_options
@format_option
def fit(
    file: str,
    map_name: str,
    output: str,
    name: str | None,
    start: str | None,
    folds: int,
    repeats: int,
    seed: int,
    format_: str,
) -> None:
    """Fit a policy's numbers to your own settled claims.

    FILE is a CSV table as for evaluate, and a policy file is written. The base rate, the weights of
    the stances, the calls and the trust in track records are fitted, and stay near those of the
    policy that was started from; all other numbers are kept. The file says what it was fitted on,
    and what the fit was worth on claims held back. Fewer than 60 settled claims, or 20 of the rarer
    truth, are too few.

    \b
    Example:  tracker policy fit rumours.csv --map emergent -o ours.json --name ours
    """
    from tracker.app.policies import find_policy
    from tracker.app.policyfiles import refit
    from tracker.cli.files import write_whole

    settled = _settled(file, map_name)
    start_policy = find_policy(start)
    with _progress(folds * repeats) as watch:
        done = refit(
            settled,
            start_policy,
            name=name,
            on=clock().date(),
            folds=folds,
            repeats=repeats,
            seed=seed,
            watch=watch,
        )
    write_whole(Path(output), done.text)
    _show_fit(settled, done, output, format_)


def _show_fit(settled: Settled, done: Refit, output: str, format_: str) -> None:
    from tracker.report import measuring

    if format_ != "table":
        emit_object(
            {
                "policy": done.policy.label,
                "from": done.before.label,
                "file": output,
                "numbers": measuring.numbers_json(done.policy),
                "held_out": measuring.held_out_json(done.held_out),
            },
            format_,
        )
        return
    from tracker.cli.tables import draw

    _show_rejected(settled)
    draw(measuring.numbers(done.before, done.policy))
    say()
    draw(measuring.held_out(done.held_out))
    say()
    say(f"wrote {done.policy.label} to {output}")


def _settled(file: str, map_name: str) -> Settled:
    from tracker.app.maps import load_map
    from tracker.app.settled import settled_claims
    from tracker.cli.files import read_bytes
    from tracker.formats.csvtable import MAX_BYTES

    chosen = load_map(map_name)
    data, name = read_bytes(file, MAX_BYTES + 1)
    return settled_claims(data, chosen, name, clock().date())


def _show_rejected(settled: Settled) -> None:
    """Which rows could not be taken: the rest is measured without them."""
    for each in settled.rejected[:MOST_SHOWN]:
        say(f"left out: {each}")
    if len(settled.rejected) > MOST_SHOWN:
        say(f"left out: {len(settled.rejected) - MOST_SHOWN} rows more")
    if settled.rejected:
        say()


@contextmanager
def _progress(length: int) -> Iterator[Callable[[], object]]:
    """A bar for whoever waits at a terminal; silence otherwise."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label="fitting", file=sys.stderr) as bar:
        yield lambda: bar.update(1)
