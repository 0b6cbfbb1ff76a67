"""What an evaluation looks like: JSON that others build on, tables side by side, a plot of text."""

from __future__ import annotations

import json
from datetime import date

from claims.measure import CALLS, Measures, calibration, measure
from claims.measure import confusion as confused
from tracker.report import measuring
from tracker.report.measuring import Early, Evaluation, HeldOut, Spread

LIKELIHOODS, TRUTHS = [0.95, 0.9, 0.3, 0.05], [True, False, True, False]


def evaluation(measures: Measures | None = None, **fields: object) -> Evaluation:
    given: dict[str, object] = {
        "policy": "ours@1",
        "as_of": date(2024, 3, 11),
        "measures": measures or measure(LIKELIHOODS, TRUTHS),
        "macro_f": 0.5,
        "confusion": confused(["true"], ["unsettled"]),
        "ends": {"true": 2, "false": 2, "unsettled": 1},
        "early": Early({1: 0.25, 30: 0.5}, 0.75, 4.0),
        **fields,
    }
    return Evaluation(**given)  # type: ignore[arg-type]


def test_the_measures_are_keys_of_their_own() -> None:
    found = json.loads(json.dumps(measuring.as_json(evaluation())))

    keys = ("n", "accuracy", "auc", "brier", "log_loss", "calibration_error", "macro_f")
    assert [found[key] is not None for key in keys] == [True] * 7
    assert (found["n"], found["accuracy"], found["policy"]) == (4, 0.5, "ours@1")
    assert found["early"] == {"within_days": {"1": 0.25, "30": 0.5}, "at_end": 0.75, "median_days": 4.0}
    assert [each["n"] for each in found["calibration"]] == [1, 1, 0, 0, 2]
    assert "held_out" not in found


def test_what_is_undefined_is_null_and_a_dash() -> None:
    empty = evaluation(measure([], []), macro_f=None, early=Early({}, None, None))

    assert measuring.as_json(empty)["auc"] is None
    assert [row.cells[1] for row in measuring.side_by_side([empty]).rows[1:]] == ["-"] * 7


def test_claims_held_back_stand_under_the_others_with_their_spread() -> None:
    held = HeldOut(10, 5, 0, 4, {"brier": Spread(0.1234, 0.0056)})
    both = [evaluation(), evaluation(policy="theirs@2", held_out=held)]

    rows = {row.cells[0]: row.cells[1:] for row in measuring.side_by_side(both).rows}

    assert rows["Brier, held back"] == ("-", "0.123 ± 0.006")
    assert rows["right for good within 1 d"] == ("25%", "25%")
    assert measuring.as_json(both[1])["held_out"]["measures"] == {"brier": {"mean": 0.1234, "sd": 0.0056}}


def test_the_plot_marks_what_was_held_and_what_came() -> None:
    bins = calibration([0.5, 0.5, 0.9], [True, False, False])
    lines = measuring.plot(evaluation(Measures(3, None, None, None, None, None, bins)))

    width = len("0.0 to 0.2 ") + measuring.WIDTH
    assert {len(line.rstrip()) for line in lines[1:-1]} == {width}
    middle, last = lines[3], lines[5]
    assert middle.index("@") - len("0.4 to 0.6 ") == 25
    assert (last.rindex("o") - 11, last.index("|") - 11) == (0, 45)
    assert set(lines[1].partition("2 ")[2]) == {"."}


def test_how_claims_were_called_is_a_table_of_all_calls() -> None:
    table = measuring.confusion(evaluation())

    assert [column.heading for column in table.columns] == ["ended", *(f"called {each}" for each in CALLS)]
    assert table.rows[2].cells == ("unsettled", "1", "0", "0")
