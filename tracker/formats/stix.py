"""STIX 2.1: bundles of reports, notes, opinions, sightings and attributions, both ways."""

from __future__ import annotations

from tracker.formats.registry import Format
from tracker.formats.stixread import read
from tracker.formats.stixwrite import write

FORMATS = (
    Format(
        name="stix",
        summary="STIX 2.1: claims as notes and attributions, evidence as opinions",
        read=read,
        write=write,
        options={
            "keys": "keep: records go by the keys in the file, which this tracker wrote",
            "scale": "what confidence means in it: admiralty, dni, wep, low-med-high, 0-10",
            "source": "who speaks where the file does not say",
            "ids": "uuid5: write name-based ids (strict validators want uuid4)",
            "producer": "the name that the bundle is written under",
        },
        endings=(".stix", ".json"),
        page="docs/stix.md",
    ),
)
