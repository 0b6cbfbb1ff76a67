"""What a format has no place for is listed beside what is written."""

from __future__ import annotations

from tracker.cli import transfer


def test_what_is_left_out_is_told_on_standard_error_with_what_to_do(run, monkeypatch) -> None:
    for text in ("It rained", "It snowed", "It was windy"):
        assert run("claim", "add", text)[0] == 0

    status, out, err = run("export", "wikidata")
    assert (status, out) == (0, '{"entities":{\n}}\n')
    assert "left out: rained: it has no subject\nleft out: snowed: it has no subject\n" in err
    assert err.count("say whom it is about") == 1

    monkeypatch.setattr(transfer, "MOST_LEFT_OUT", 1)
    assert "left out: 2 more\n" in run("export", "quickstatements", "-o", "x.qs")[2]
