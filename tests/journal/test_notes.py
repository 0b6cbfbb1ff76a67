"""Signed notes and checkpoints: those of others are read, broken ones are refused, by what they lack."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.shared import shared
from tracker.errors import BadProof
from tracker.journal.notes import (
    Checkpoint,
    Note,
    Signature,
    SigningKey,
    VerifierKey,
    check_name,
    opened,
    read_checkpoint,
    read_note,
    read_signing_key,
    read_verifier_key,
    signed,
    signers,
)

KEY = SigningKey("newsroom.example/claims", bytes(range(32)))
OTHER = SigningKey("newsroom.example/claims", bytes(32))
"""Another key under the same name."""
WITNESS = SigningKey("witness.example", b"w" * 32)
HEAD = Checkpoint("newsroom.example/claims", 7, b"\x07" * 32)


def known(*keys: SigningKey) -> tuple[VerifierKey, ...]:
    return tuple(key.verifier for key in keys)


# --- what others wrote ------------------------------------------------------------------------


def test_the_example_of_the_specification_and_its_broken_forms():
    data = json.loads(shared("vectors", "signed-note.json").read_text("utf-8"))
    key = read_verifier_key(data["vkey"])
    assert str(key) == data["vkey"]
    assert len(data["cases"]) == 10
    for case in data["cases"]:
        if case["valid"]:
            note = read_note(case["note"])
            assert signers(note, (key,)) == (key,)
            assert str(note) == case["note"]
        else:
            with pytest.raises(BadProof):
                signers(read_note(case["note"]), (key,))


def test_keys_and_signatures_are_those_of_rfc_8032():
    # Section 7.1, test 1: the empty message.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey("test", seed)
    assert key.verifier.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign("").signature.hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


# --- keys -------------------------------------------------------------------------------------


def test_a_key_comes_back_from_its_text():
    assert read_signing_key(KEY.written()) == KEY
    assert read_verifier_key(str(KEY.verifier) + "\n") == KEY.verifier
    assert KEY.written().startswith(f"PRIVATE+KEY+{KEY.name}+{KEY.verifier.id.hex()}+")


def test_a_private_key_does_not_show_itself():
    assert "seed" not in repr(KEY)
    assert str(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\there", "no\u00a0break", "line\n", "\u2028"])
def test_names_that_a_key_cannot_have(name):
    with pytest.raises(BadProof, match="cannot be the name of a key"):
        check_name(name)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-5],
        lambda text: text.replace("newsroom", "n3wsroom"),
        lambda text: text.replace(KEY.verifier.id.hex(), "00000000"),
        lambda text: text.rpartition("+")[0] + "+AA==",
        lambda text: text.replace("+AQ", "+Ag"),
        lambda text: text + "=",
        lambda text: "é" + text,
    ],
)
def test_a_key_that_is_not_whole_is_refused(spoil):
    for text, read in ((str(KEY.verifier), read_verifier_key), (KEY.written(), read_signing_key)):
        assert spoil(text) != text
        with pytest.raises(BadProof):
            read(spoil(text))


def test_the_two_halves_are_not_mistaken_for_each_other():
    with pytest.raises(BadProof, match="a private key begins with"):
        read_signing_key(str(KEY.verifier))
    with pytest.raises(BadProof):
        read_verifier_key(KEY.written())


# --- notes ------------------------------------------------------------------------------------


NOTE = str(signed(HEAD, KEY))
LINE = str(KEY.sign(str(HEAD)))

BROKEN = {
    "an empty file": "",
    "no signature": str(HEAD),
    "an empty line and no signature": str(HEAD) + "\n",
    "no empty line": str(HEAD) + LINE,
    "no end of the last line": NOTE[:-1],
    "lines of another system": NOTE.replace("\n", "\r\n"),
    "a NUL": NOTE.replace("7", "\0"),
    "a tab": NOTE.replace("\n7", "\t7"),
    "a hyphen for the dash": NOTE.replace("—", "-"),
    "an en dash": NOTE.replace("—", "\u2013"),
    "two blanks": NOTE.replace("— ", "—  "),
    "something after the signature": NOTE[:-1] + " \n",
    "a signature of four bytes": f"{HEAD}\n— {KEY.name} AAAAAA==\n",
    "a signature that is not base64": f"{HEAD}\n— {KEY.name} nonsense!\n",
    "base64 with bits to spare": f"{HEAD}\n— {KEY.name} AAAAAAB=\n",
    "a name with a plus": f"{HEAD}\n— a+b AAAAAAAA\n",
    "no name": f"{HEAD}\n—  AAAAAAAA\n",
    "seventeen signatures": NOTE + "— other.example AAAAAAAA\n" * 16,
    "half of a character": NOTE.replace("7", "\ud800"),
    "bytes that are not UTF-8": NOTE.encode().replace(b"7", b"\xff"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_note_is_refused(what):
    with pytest.raises(BadProof, match="this is not a signed note"):
        read_note(BROKEN[what])


def test_sixteen_signatures_are_read_and_unknown_ones_passed_over():
    note = read_note(NOTE + "— other.example AAAAAAAA\n" * 15)
    assert len(note.signatures) == 16
    assert signers(note, known(KEY)) == known(KEY)


def test_a_text_may_hold_empty_lines_but_a_checkpoint_may_not():
    text = "one\n\ntwo\n"
    note = read_note(str(Note(text, (KEY.sign(text),))))
    assert note.text == text
    assert signers(note, known(KEY)) == known(KEY)
    with pytest.raises(BadProof, match="three lines"):
        read_checkpoint(text)


def test_another_key_of_the_same_name_is_unknown():
    with pytest.raises(BadProof, match="no signature of the key"):
        signers(signed(HEAD, OTHER), known(KEY))
    both = Note(str(HEAD), (OTHER.sign(str(HEAD)), KEY.sign(str(HEAD))))
    assert signers(both, known(KEY)) == known(KEY)


def test_a_known_key_whose_signature_does_not_fit_spoils_the_note():
    forged = Signature(KEY.name, KEY.verifier.id, bytes(64))
    note = Note(str(HEAD), (WITNESS.sign(str(HEAD)), forged))
    with pytest.raises(BadProof, match="does not fit the text"):
        signers(note, known(KEY, WITNESS))
    assert signers(note, known(WITNESS)) == known(WITNESS), "for whom the other is unknown"


def test_a_key_chosen_to_have_the_same_four_bytes_does_not_verify():
    twin = Signature(KEY.name, KEY.verifier.id, OTHER.sign(str(HEAD)).signature)
    with pytest.raises(BadProof, match="does not fit the text"):
        signers(Note(str(HEAD), (twin,)), known(KEY))


PUBLISHED = known(KEY)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_character_of_a_note_can_be_changed(data):
    place = data.draw(st.integers(0, len(NOTE) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != NOTE[place]))
    with pytest.raises(BadProof):
        opened(NOTE[:place] + other + NOTE[place + 1 :], PUBLISHED, HEAD.origin)


@given(st.binary(max_size=300) | st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_is_no_note_is_refused_in_words(data):
    with pytest.raises(BadProof):
        opened(data, PUBLISHED, HEAD.origin)


# --- checkpoints ------------------------------------------------------------------------------


def test_a_checkpoint_comes_back_from_its_note():
    assert opened(NOTE, known(KEY), HEAD.origin) == (signed(HEAD, KEY), HEAD)
    assert str(HEAD).split("\n")[:2] == ["newsroom.example/claims", "7"]


def test_lines_of_others_are_kept():
    head = Checkpoint(HEAD.origin, 7, HEAD.root, ("something of ours",))
    assert read_checkpoint(str(head)) == head


def test_an_empty_journal_has_a_checkpoint_too():
    assert read_checkpoint(str(Checkpoint("a", 0, bytes(32)))).size == 0


ROOT = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"a\n7\n{ROOT}",
        f"a\n07\n{ROOT}\n",
        f"a\n+7\n{ROOT}\n",
        f"a\n-7\n{ROOT}\n",
        f"a\n 7\n{ROOT}\n",
        f"a\n7.0\n{ROOT}\n",
        f"a\n0x7\n{ROOT}\n",
        f"a\n\u0667\n{ROOT}\n",
        f"a\n{2**63}\n{ROOT}\n",
        f"a\n{'9' * 5000}\n{ROOT}\n",
        f"\n7\n{ROOT}\n",
        "a\n7\n\n",
        f"a\n{ROOT}\n7\n",
        f"a\n7\n{ROOT}\n\n",
        f"a\n7\n{ROOT}\n\nmore\n",
        f"a\n7\n{ROOT[:-4]}\n",
        f"a\n7\n{ROOT[:-2]}d=\n",
        f"a\n7\n{'00' * 32}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadProof, match="checkpoint"):
        read_checkpoint(text)


def test_a_checkpoint_of_another_journal_is_refused_though_the_key_signed_it():
    elsewhere = Checkpoint("newsroom.example/other", 7, HEAD.root)
    with pytest.raises(BadProof, match=r"not of newsroom\.example/claims"):
        opened(str(signed(elsewhere, KEY)), known(KEY), HEAD.origin)
