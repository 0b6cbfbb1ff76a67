"""``tracker entity``: register, name and merge people, groups, places and incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import entity_keys
from tracker.cli.grouping import Group
from tracker.cli.options import (
    cleared,
    clocks,
    needed_reason_option,
    reads_in,
    reason_option,
    recorded_by_option,
    writes,
)
from tracker.cli.output import emit_json, say, tell
from tracker.cli.paging import emit_page, paged, print_page
from tracker.cli.values import ENTITY_TYPE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page


@click.group(cls=Group)
def entity() -> None:
    """Register, name and merge people, groups, places.

    One registered by mistake is taken back with tracker withdraw.
    """


@entity.command("add")
@click.argument("name")
@click.option(
    "--type", type=ENTITY_TYPE, metavar="TYPE", default="other", help="person, group, place or incident."
)
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name or spelling.")
@click.option("--wikidata", metavar="QID", help="Its Wikidata item.")
@click.option("--note", metavar="WORDS", help="Anything to remember.")
@click.option("--key", metavar="KEY", help="Its key (default: made from its name).")
@reason_option
@writes
def add(
    tracker: Tracker,
    name: str,
    type: str,  # noqa: A002 - the field's own word
    aliases: tuple[str, ...],
    wikidata: str | None,
    note: str | None,
    key: str | None,
    reason: str,
    format_: str,
) -> None:
    """Register a person, group, place or incident, and print its key.

    \b
    Example:  tracker entity add "Amadou Kouffa" --type person --alias "Amadou Koufa"
    """
    from tracker.report.jsonable import entity as as_json

    like = [hit for hit in tracker.search(name) if hit.what == "entity"]
    added = tracker.add_entity(
        name, key=key, type=type, aliases=aliases, wikidata=wikidata, note=note, reason=reason
    )
    done(tracker, f"registered {added.key} ({added.name}), {added.type}", as_json(added), format_)
    if like and format_ == "table":
        tell(f"  known already, and named alike: {', '.join(f'{h.text} ({h.key})' for h in like)}")
        say(f"  if they are one: tracker entity merge {added.key} {like[0].key} --reason …")


@entity.command("revise")
@click.argument("key", shell_complete=entity_keys)
@click.option("--name", metavar="NAME", help="What it is called.")
@click.option("--type", type=ENTITY_TYPE, metavar="TYPE", help="person, group, place or incident.")
@click.option(
    "--alias", "aliases", multiple=True, metavar="NAME", help="Its other names, in place of those it has."
)
@click.option("--wikidata", metavar="QID", help="Its Wikidata item.")
@click.option("--note", metavar="WORDS", help="Anything to remember.")
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out (may be repeated).")
@needed_reason_option
@writes
def revise(
    tracker: Tracker, key: str, clear: tuple[str, ...], reason: str, format_: str, **fields: Any
) -> None:
    """Change what is known of an entity; the record keeps how it was.

    \b
    Example:  tracker entity revise kouffa --name "Amadou Kouffa" --reason "as he signs himself"
    """
    from tracker.report.jsonable import entity as as_json

    given = {name: value for name, value in fields.items() if value not in (None, ())}
    given.update(dict.fromkeys(cleared("aliases", "alias", clear)))
    revised = tracker.revise_entity(key, reason=reason, **given)
    done(tracker, f"revised {revised.key} ({revised.name})", as_json(revised), format_)


@entity.command("alias")
@click.argument("key")
@click.argument("names", nargs=-1, required=True)
@reason_option
@writes
def alias(tracker: Tracker, key: str, names: tuple[str, ...], reason: str, format_: str) -> None:
    """Add other names or spellings.

    \b
    Example:  tracker entity alias kouffa "Amadou Diallo" --reason "his name by birth"
    """
    from tracker.report.jsonable import entity as as_json

    named = tracker.alias_entity(key, names, reason=reason)
    done(tracker, f"{named.key} goes by: {', '.join((named.name, *named.aliases))}", as_json(named), format_)


@entity.command("merge")
@click.argument("key")
@click.argument("into")
@needed_reason_option
@writes
def merge(tracker: Tracker, key: str, into: str, reason: str, format_: str) -> None:
    """Say that one entity is in truth another. It can be taken back with unmerge."""
    from tracker.report.jsonable import entity as as_json

    merged = tracker.merge_entity(key, into, reason=reason)
    done(tracker, f"merged {merged.key} into {merged.merged_into}", as_json(merged), format_)


@entity.command("unmerge")
@click.argument("key")
@needed_reason_option
@writes
def unmerge(tracker: Tracker, key: str, reason: str, format_: str) -> None:
    """Take a merge back."""
    from tracker.report.jsonable import entity as as_json

    parted = tracker.unmerge_entity(key, reason=reason)
    done(tracker, f"{parted.key} is an entity of its own again", as_json(parted), format_)


@entity.command("list")
@paged("entities")
@recorded_by_option
@reads_in("finding:Finder")
def list_(tracker: Tracker, page: Page, format_: str, recorded_by: str | None) -> None:
    """List entities by key."""
    from tracker.report.jsonable import entity as as_json

    found, more = page.cut(tracker.entities(**page.asked, recorded_by=recorded_by))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [(r["key"], r["name"], r["type"], ", ".join(r["aliases"])) for r in rows]
    print_page(page, ("key", "name", "type", "also called"), cells, more)


@entity.command("show")
@click.argument("key")
@clocks
@reads_in("finding:Finder")
def show(tracker: Tracker, key: str, format_: str, **asked: Any) -> None:
    """Show an entity and the claims about it; for a person, deaths and signs of life first."""
    from tracker.cli.reports import print_statuses
    from tracker.report.jsonable import entity_record

    found = tracker.entity(key, **asked)
    if format_ != "table":
        emit_json(entity_record(found))
        return
    one = found.entity
    tell(f"{one.name} ({one.key}), {one.type}")
    if one.aliases:
        tell(f"also called: {', '.join(one.aliases)}")
    if found.merged:
        tell(f"merged into it: {', '.join(found.merged)}")
    say()
    print_statuses(list(found.claims), format_)
