"""MISP events, both ways: claims with the tags admiralty-scale and estimative-language, and opinions."""

from __future__ import annotations

from tracker.formats.attributions import read as read_attributions
from tracker.formats.mispread import read
from tracker.formats.mispwrite import write
from tracker.formats.registry import Format

FORMATS = (
    Format(
        name="misp",
        summary="MISP events: tagged attributes and objects, opinions, sightings",
        read=read,
        write=write,
        options={
            "keys": "keep: records go by the keys in the file, which this tracker wrote",
            "producer": "the name of the organisation that the events are written under",
        },
        endings=(".misp.json",),
        page="docs/misp.md",
    ),
    Format(
        name="misp-attributions",
        summary="who was named behind threat actors, as a MISP galaxy changed",
        read=read_attributions,
        options={"source": "whose list of threat actors it is"},
        endings=(".jsonl",),
        page="docs/misp.md",
    ),
)
