"""Lines: whose words a piece of evidence really passes on, and whose independence is known."""

from __future__ import annotations

import pytest

from claims.resolve.lines import is_known_independent, is_second_hand, origin_of
from claims.vocabulary import Basis
from tests.claims.builders import document, dossier, said, source


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
