"""Files in which anything may be of the wrong type: what is damaged is listed, whatever it is."""

from __future__ import annotations

import io
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile, ClaimsError, Finding
from tests.formats.test_claimreview import REVIEW
from tests.support.affair import AFFAIR, BUNDLE, EVENT, Seeds, spoiled
from tests.support.examples import examples
from tests.support.handing import two_trackers
from tracker.formats import claimreview, mispread, stixread
from tracker.formats.acts import Group

if TYPE_CHECKING:
    from pathlib import Path

DESK = {"organisation": "Our desk", "page": "https://desk.test/{key}"}
FOREIGN: dict[str, Any] = {
    "stix": (stixread.read, BUNDLE, {}, ("keys", ("", "keep"))),
    "misp": (mispread.read, EVENT, {}, ("keys", ("", "keep"))),
    "claimreview": (claimreview.read, [REVIEW, {"@graph": [REVIEW]}], DESK, ("dayfirst", ("", "yes"))),
}
"""By format: the reader, what other people wrote in it, how our own is written, and how it is read."""


@pytest.fixture(scope="module")
def seeds(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seeds]:
    """What is spoiled, by format: what other people wrote, and what we did."""
    with two_trackers(empty_database, tmp_path_factory.mktemp("seeds")) as (one, _):
        one.import_casebook(AFFAIR)
        return {
            name: Seeds(theirs, json.loads(b"".join(one.export_file(name, options=options))))
            for name, (_, theirs, options, _) in FOREIGN.items()
        }


@pytest.mark.parametrize("name", FOREIGN)
@given(st.integers(0, 10**6), st.sampled_from([0, 1]), st.sampled_from([0, 1]))
@examples(60)
def test_no_wrong_type_anywhere_breaks_a_reader(
    seeds: dict[str, Seeds], name: str, case: int, which: int, how: int
) -> None:
    random = Random(case)
    value = seeds[name].all[which]
    for _ in range(random.choice((1, 1, 2, 5, 30))):
        value = spoiled(random, value)
    read, _, _, (option, values) = FOREIGN[name]
    try:
        found = list(read(io.BytesIO(json.dumps(value).encode()), "x.json", {option: values[how]}))
    except BadFile:
        return
    assert all(isinstance(each, Group | Finding) for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOREIGN)
def test_no_wrong_type_anywhere_breaks_an_import(
    seeds: dict[str, Seeds], name: str, empty_database: Path, tmp_path: Path
) -> None:
    with two_trackers(empty_database, tmp_path) as (tracker, _):
        for case in range(30):
            random = Random(case)
            data = json.dumps(spoiled(random, spoiled(random, seeds[name].all[case % 2]))).encode()
            option, values = FOREIGN[name][3]
            options = {option: random.choice(values)}
            try:
                found = tracker.import_file(data, name, options=options)
            except ClaimsError:
                continue
            assert all(each.message for each in found.rejected)
        assert tracker.audit().ok
