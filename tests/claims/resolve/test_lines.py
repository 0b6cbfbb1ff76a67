"""Lines: whose words a piece of evidence really passes on, and whose independence is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from claims.policy import LineNumbers
from claims.resolve import resolve
from claims.resolve.explaining import flips, if_wrong
from claims.resolve.lines import is_known_independent, is_second_hand, lines_of, origin_of
from claims.vocabulary import Basis, Side, Withdrawal
from tests.claims.builders import TODAY, day, document, dossier, policy_with_records, said, source


def line(found, key):
    return origin_of(found.evidence[key], found.evidence, found.sources).name


def test_a_source_that_nothing_is_known_of_is_a_line_of_its_own():
    found = dossier(said("paper"), said("ministry"))
    assert line(found, "claim.paper") == "source:paper"
    assert line(found, "claim.ministry") == "source:ministry"


def test_a_relay_of_a_source_belongs_to_the_line_of_that_source():
    found = dossier(said("paper", relays="ministry"), said("ministry"))
    assert line(found, "claim.paper") == line(found, "claim.ministry")


def test_a_source_may_be_relayed_that_never_spoke_here_itself():
    found = dossier(said("paper", relays="ministry"), said("radio", relays="ministry"), source("ministry"))
    assert line(found, "claim.paper") == line(found, "claim.radio") == "source:ministry"


def test_a_relay_of_a_relay_goes_back_to_the_first_who_spoke():
    found = dossier(
        said("ministry"),
        said("agency", relays="claim.ministry"),
        said("paper", relays="claim.agency"),
        said("blog", relays="claim.paper"),
    )
    assert {line(found, key) for key in found.evidence} == {"source:ministry"}


def test_a_chain_may_end_in_a_source():
    found = dossier(
        said("agency", relays="ministry"), said("paper", relays="claim.agency"), source("ministry")
    )
    assert line(found, "claim.paper") == "source:ministry"


def test_a_source_that_only_passes_on_is_followed_by_its_name_too():
    found = dossier(
        said("ministry"), said("wire", relays="ministry"), said("paper", relays="wire"), source("wire")
    )
    assert {line(found, key) for key in found.evidence} == {"source:ministry"}


def test_a_source_that_also_speaks_for_itself_is_where_its_relays_end():
    found = dossier(
        said("ministry"),
        said("wire", relays="ministry"),
        said("wire", key="claim.wire-itself"),
        said("paper", relays="wire"),
    )
    assert line(found, "claim.paper") == "source:wire"


def test_what_a_source_passes_on_only_later_is_not_what_others_had_from_it():
    found = dossier(
        said("paper", relays="wire", on="2020-05-01"),
        said("wire", relays="ministry", on="2020-06-01"),
    )
    assert line(found, "claim.paper") == "source:wire"


def test_passing_words_on_never_makes_a_claim_likelier():
    boast = said("ministry", side=Side.FOR_OWN_SIDE)
    alone = resolve(dossier(boast), policy_with_records(), TODAY)["claim"]
    wire, paper = said("wire", relays="ministry"), said("paper", relays="wire")
    relayed = resolve(dossier(boast, wire, paper), policy_with_records(), TODAY)["claim"]
    assert relayed.likelihood == alone.likelihood
    assert relayed.supporting_lines == 1


def test_a_relay_by_name_goes_with_the_words_that_were_taken_back():
    taken_back = said("ministry", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=day("2021-01-01"))
    found = dossier(taken_back, said("wire", relays="ministry"), said("paper", relays="wire"))
    assert resolve(found, policy_with_records(), TODAY)["claim"].supporting_lines == 0


def test_a_relay_of_something_unknown_is_a_line_named_after_it():
    found = dossier(said("paper", relays="somebody"), said("radio", relays="somebody"))
    assert line(found, "claim.paper") == line(found, "claim.radio") == "source:somebody"


@pytest.mark.parametrize("start", ["claim.a", "claim.b", "claim.c", "claim.outside"])
def test_a_ring_of_relays_is_one_line_wherever_one_enters_it(start):
    found = dossier(
        said("a", relays="claim.b"),
        said("b", relays="claim.c"),
        said("c", relays="claim.a"),
        said("outside", relays="claim.c"),
    )
    assert line(found, start) == "source:a"


def test_a_piece_that_relays_itself_goes_back_to_its_source():
    assert line(dossier(said("a", relays="claim.a")), "claim.a") == "source:a"


def test_sources_of_one_owner_are_one_line():
    found = dossier(
        said("tv"), said("radio"), source("tv", owner="magnate"), source("radio", owner="magnate")
    )
    assert line(found, "claim.tv") == line(found, "claim.radio") == "owner:magnate"


def test_sources_of_one_side_are_one_line_by_the_closest_side():
    found = dossier(
        said("paris"),
        said("bamako"),
        said("algiers"),
        source("paris", sides=("allies", "europe")),
        source("bamako", sides=("allies",)),
        source("algiers", sides=("neutral", "allies")),
    )
    assert line(found, "claim.paris") == line(found, "claim.bamako") == "side:allies"
    assert line(found, "claim.algiers") == "side:neutral"


def test_the_owner_goes_before_the_side():
    found = dossier(said("tv"), source("tv", owner="magnate", sides=("allies",)))
    assert line(found, "claim.tv") == "owner:magnate"


def test_the_owner_of_the_origin_counts_not_that_of_the_relay():
    found = dossier(said("tv", relays="ministry"), source("tv", owner="magnate"), source("ministry"))
    assert line(found, "claim.tv") == "source:ministry"


def test_what_others_say_never_moves_a_piece_to_another_line():
    """Else one more piece could weld two lines into one, and a denial could help a claim."""
    pieces = [said("paper", relays="ministry"), said("tv"), source("tv", owner="magnate"), source("ministry")]
    alone = dossier(*pieces)
    more = dossier(*pieces, said("third", relays="claim.tv"), said("fourth", relays="claim.paper"))
    assert all(line(alone, key) == line(more, key) for key in alone.evidence)


def test_words_read_in_the_document_of_another_are_second_hand():
    own, other, unsigned = document("own", "army"), document("article", "paper"), document("leaflet")
    documents = {record.key: record for record in (own, other, unsigned)}
    assert is_second_hand(said("army", document="article"), documents)
    assert not is_second_hand(said("army", document="own"), documents)
    assert not is_second_hand(said("army", document="leaflet"), documents)
    assert not is_second_hand(said("army"), documents)


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"basis": Basis.WITNESSED}, True),
        ({"basis": Basis.OFFICIAL_RECORD}, True),
        ({"basis": Basis.WITNESSED, "document": "own"}, True),
        ({"basis": Basis.WITNESSED, "document": "article"}, False),
        ({"basis": Basis.WITNESSED, "relays": "somebody"}, False),
        ({"basis": Basis.TOLD}, False),
        ({}, False),
    ],
)
def test_only_who_saw_it_or_holds_the_record_is_known_to_be_independent(fields, known):
    documents = {"own": document("own", "army"), "article": document("article", "paper")}
    assert is_known_independent(said("army", **fields), documents) is known


# --- lines joined from several origins ----------------------------------------------------------

NUMBERS = LineNumbers(document=1, near_text=95)
LONG = "The governor of the northern province left the city early on Friday morning"


def lines(*pieces, documents=(), numbers=NUMBERS):
    """The name of the line of each piece."""
    whole = dossier(*pieces, *documents)
    found = lines_of(list(whole.evidence.values()), whole.evidence, whole.sources, whole.documents, numbers)
    return {piece.source: found[piece.key].name for piece in pieces}


def test_what_was_read_in_one_document_is_one_line_and_says_so():
    pieces = [said("paris", document="article"), said("bamako", document="article"), said("radio")]
    found = lines(*pieces, documents=[document("article", "paper")])
    assert found == {"paris": "source:bamako", "bamako": "source:bamako", "radio": "source:radio"}
    whole = dossier(*pieces, document("article", "paper"))
    origin = lines_of(pieces, whole.evidence, whole.sources, whole.documents, NUMBERS)["claim.paris"]
    assert origin.because == "read in the same document as claim.bamako (article)"


def test_both_sides_of_a_claim_may_be_read_in_one_document():
    found = lines(
        said("paris", document="article"),
        said("rebels", "denies", document="article"),
        documents=[document("article", "paper")],
    )
    assert found == {"paris": "source:paris", "rebels": "source:rebels"}


def test_two_witnesses_who_speak_for_themselves_are_two_though_their_words_stand_in_one_document():
    seen = [said(by, document="film", basis="witnessed") for by in ("ada", "ben")]
    assert lines(*seen, documents=[document("film")]) == {"ada": "source:ada", "ben": "source:ben"}


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (LONG, True),
        (LONG.upper() + "!", True),
        ("Early on Friday morning the governor of the northern province left the city", True),
        (LONG.replace("Friday", "Sunday"), False),
        ("The governor of the northern province is in the city", False),
    ],
)
def test_words_that_are_nearly_the_same_are_one_line(other, joined):
    found = lines(said("a", quote=LONG), said("b", quote=other))
    assert found["b"] == ("source:a" if joined else "source:b")


def test_headlines_are_compared_where_nothing_is_quoted():
    papers = [replace(document(key), title=LONG) for key in ("x", "y")]
    assert lines(said("a", document="x"), said("b", document="y"), documents=papers)["b"] == "source:a"


@pytest.mark.parametrize("copies", [("film", "film"), ("film", "copy")])
def test_a_headline_is_not_in_the_words_of_a_witness(copies):
    seen = [said(by, document=key, basis="witnessed") for by, key in zip(("ada", "ben"), copies, strict=True)]
    papers = [replace(document(key), title=LONG) for key in ("film", "copy")]
    assert lines(*seen, documents=papers) == {"ada": "source:ada", "ben": "source:ben"}
    quoting = [replace(piece, quote=LONG) for piece in seen]
    assert set(lines(*quoting, documents=papers).values()) == {"source:ada"}


def test_a_few_words_are_alike_by_chance():
    assert lines(said("a", quote="He is dead"), said("b", quote="He is dead"))["b"] == "source:b"


def test_lines_that_share_a_member_become_one_whatever_the_order():
    pieces = [
        said("a", quote=LONG),
        said("b", quote=LONG, document="article"),
        said("c", document="article"),
    ]
    for order in permutations(pieces):
        assert set(lines(*order, documents=[document("article", "paper")]).values()) == {"source:a"}


def test_a_policy_that_knows_nothing_of_it_joins_nothing():
    assert lines(said("a", quote=LONG), said("b", quote=LONG), numbers=None)["b"] == "source:b"


def test_joined_lines_count_once():
    pieces = [said(by, quote=LONG) for by in ("a", "b", "c")]
    found = resolve(dossier(*pieces), policy_with_records(), TODAY)["claim"]
    assert found.supporting_lines == 1
    assert sorted(row.weight for row in found.contributions)[:2] == [0, 0]
    assert any("worded like claim.a (100 % alike)" in row.because for row in found.contributions)


def test_without_a_link_of_a_chain_its_ends_are_one_line_still():
    chain = dossier(
        said("ministry"), said("wire", relays="ministry"), said("paper", relays="wire"), source("wire")
    )
    assert line(chain.without(["claim.wire"]), "claim.paper") == "source:ministry"
    by_key = dossier(said("ministry"), said("paper", relays="claim.wire"), said("wire", relays="ministry"))
    assert line(by_key.without(["claim.wire"]), "claim.paper") == "source:ministry"
    assert flips(chain, policy_with_records(), TODAY, "claim") == []


def test_whoever_stands_in_the_middle_of_a_chain_takes_what_follows_with_him():
    chain = dossier(said("ministry"), said("wire", relays="ministry"), said("paper", relays="wire"))
    wrong = {each.source: each.remove for each in if_wrong(chain, policy_with_records(), TODAY, "claim")}
    assert wrong["wire"] == ("claim.paper", "claim.wire")
    assert wrong["ministry"] == ("claim.ministry", "claim.paper", "claim.wire")
