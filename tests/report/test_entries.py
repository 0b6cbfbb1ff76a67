"""Entries in words: what they record, and of a policy's file no more than that it is there."""

from __future__ import annotations

from tracker.report.entries import payload_words


def test_what_was_recorded_is_one_line_of_json():
    assert payload_words({"text": "Kouffa est mort à Ménaka.", "kind": "death"}) == (
        '{"text": "Kouffa est mort à Ménaka.", "kind": "death"}'
    )


def test_of_the_file_of_a_policy_only_its_length_is_said():
    payload = {"name": "majority", "numbers": "{" + "0" * 5118 + "}"}
    assert payload_words(payload) == (
        '{"name": "majority", "numbers": "… (5,120 characters: --format json)"}'
    )
    assert len(payload["numbers"]) == 5120
