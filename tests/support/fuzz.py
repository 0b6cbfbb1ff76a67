"""Feeds every reader with sound examples that were damaged, and says which of them breaks.

python -m tests.support.fuzz --minutes 10                    all readers in turn
python -m tests.support.fuzz --minutes 1 --reader casebook   one
python -m tests.support.fuzz --repeat casebook:1234          the very case that was reported

A reader breaks where it raises what a user cannot mend, or takes longer than a person waits. Leaves
with status 1 if any did.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from random import Random
from typing import TYPE_CHECKING

from tests.support.readers import SIGNS, readers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.readers import Reader

LONGEST = 200_000
"""Bytes of a damaged example."""

SLOW = 5.0
"""Seconds of processor time within which every such file must be read or refused."""


def damaged(random: Random, seeds: tuple[bytes, ...]) -> bytes:
    """A sound example, damaged in a few places."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        random.choice(_DAMAGES)(random, data, seeds)
    return bytes(data[:LONGEST])


def _place(random: Random, data: bytearray) -> tuple[int, int]:
    first = random.randrange(len(data) + 1)
    return first, min(len(data), first + random.choice((1, 1, 2, 4, 16, 100)))


def _flip(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _replace(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    first, last = _place(random, data)
    data[first:last] = random.choice(SIGNS)


def _insert(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    first, _last = _place(random, data)
    data[first:first] = random.choice(SIGNS) * random.choice((1, 1, 1, 2, 50, 3_000))


def _remove(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    first, last = _place(random, data)
    del data[first:last]


def _repeat(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    first, last = _place(random, data)
    data[first:first] = data[first:last] * random.choice((1, 2, 30, 1_000))


def _cut(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    del data[random.randrange(len(data) + 1) :]


def _splice(random: Random, data: bytearray, seeds: tuple[bytes, ...]) -> None:
    other = random.choice(seeds)
    at = random.randrange(len(other) + 1)
    data[random.randrange(len(data) + 1) :] = other[at:]


def _noise(random: Random, data: bytearray, _: tuple[bytes, ...]) -> None:
    first, last = _place(random, data)
    data[first:last] = random.randbytes(last - first)


_DAMAGES: tuple[Callable[[Random, bytearray, tuple[bytes, ...]], None], ...] = (
    *(_flip, _replace, _replace, _insert, _insert, _remove, _repeat, _cut, _splice, _noise),
)


def fault_of(reader: Reader, seed: int) -> str:
    """What is wrong with how a reader takes the damaged example of a number; "" if nothing."""
    data = damaged(Random(seed), reader.seeds)
    began = time.process_time()
    try:
        reader.read(data)
    except reader.may_raise as error:
        if not str(error).strip():
            return f"{type(error).__name__} without a word"
    except Exception:  # noqa: BLE001 - that is what is looked for
        return traceback.format_exc(limit=-4)
    took = time.process_time() - began
    return f"it took {took:.1f} s of {len(data):,} bytes" if took > SLOW else ""


def run(minutes: float, only: str | None, first: int) -> int:
    """Fuzz readers in turn for some minutes; prints what was done, returns how many cases broke one."""
    chosen = {name: each for name, each in readers().items() if only in (None, name)}
    done, broken = dict.fromkeys(chosen, 0), 0
    ends, seed = time.monotonic() + minutes * 60, first
    while time.monotonic() < ends:
        for name, reader in chosen.items():
            for each in range(seed, seed + 50):
                if fault := fault_of(reader, each):
                    broken += 1
                    print(f"{name}:{each}\n{fault}", flush=True)
            done[name] += 50
        seed += 50
    for name, times in done.items():
        print(f"{name:16} {times:9,} cases")
    print(f"{sum(done.values()):,} cases in all, {broken} of them broke a reader")
    return broken


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.fuzz", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--reader", choices=sorted(readers()))
    parser.add_argument("--first", type=int, default=1_000_000, help="the number of the first case")
    parser.add_argument("--repeat", metavar="READER:NUMBER")
    asked = parser.parse_args()
    if asked.repeat:
        name, _, seed = asked.repeat.rpartition(":")
        reader = readers()[name]
        print(damaged(Random(int(seed)), reader.seeds))
        fault = fault_of(reader, int(seed))
        print(fault or "nothing is wrong")
        sys.exit(bool(fault))
    sys.exit(bool(run(asked.minutes, asked.reader, asked.first)))


if __name__ == "__main__":
    main()
