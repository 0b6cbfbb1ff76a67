"""``tracker audit key``, ``checkpoint``, ``prove``, ``check`` and ``consistency``: proofs for outsiders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.completing import claim_keys
from tracker.cli.files import read_bytes, write_whole
from tracker.cli.options import db_option, format_option, opened
from tracker.cli.output import emit_json, say, tell
from tracker.cli.signing import checkpoints_option, key_file, signer

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.proving import Signer

BROKEN = 5
MOST_BYTES = 256 * 1024 * 1024
"""No bundle is larger."""

output_option = click.option(
    "-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output)."
)
key_option = click.option("--key", metavar="VKEY", help="The key that you trust, as it is published.")


@click.command("key")
@click.argument("name", required=False)
@click.option("--show", is_flag=True, help="Show the key that there is.")
@click.option("--out", metavar="FILE", help="Keep the private key there, and not in your config folder.")
@db_option
def key(db: str | None, name: str | None, show: bool, out: str | None) -> None:
    """Make the key that signs this tracker's checkpoints, and print the half to publish.

    NAME is what the journal is called in all its checkpoints for good, and best an address of
    yours, such as newsroom.example/claims. The private half is kept out of the database, readable by
    you alone; keep a copy of it. Publish the other half where readers find it and you cannot
    change it unseen: whoever checks a proof must have it from there.

    \b
    Example:  tracker audit key newsroom.example/claims
    """
    from tracker.signing import load_key, make_key

    if show == (name is not None):
        raise click.UsageError("give either a NAME to make a key, or --show")
    with opened(db) as tracker:
        path = Path(out).expanduser() if out else key_file(tracker)
    if name is None:
        say(str(load_key(path).verifier))
        return
    made = make_key(path, name)
    say(f"the private key is in {path}")
    say("keep a copy of it, and show it to nobody")
    if out:
        say(f"to sign with it, set TRACKER_KEY={path}, or in the config file: signing_key")
    say("publish this:")
    say(str(made.verifier))


@click.command("checkpoint")
@click.option("-o", "--output", metavar="FILE", help="Write a copy there too; a dash prints it.")
@click.option("--timestamp", metavar="URL", help="Have it stamped by this authority (RFC 3161).")
@checkpoints_option
@db_option
def checkpoint(db: str | None, output: str | None, timestamp: str | None, checkpoints: str | None) -> None:
    """Sign the present head of the journal, and keep it in a file.

    Whoever has that file can later see whether anything recorded by now was changed or removed:
    send it to somebody, publish it, or commit it somewhere. One is also kept after every import, export
    and publication.

    \b
    Example:  tracker audit checkpoint -o today.checkpoint
    """
    with opened(db) as tracker:
        kept = tracker.checkpoint(_needed(tracker, checkpoints), timestamp=timestamp)
    if output == "-":
        click.echo(str(kept.note), nl=False)
        return
    if output is not None:
        write_whole(Path(output), str(kept.note))
    say(f"checkpoint of {kept.checkpoint.size} entries: {kept.path}")


@click.command("prove")
@click.argument("what", metavar="ENTRY|CLAIM", shell_complete=claim_keys)
@click.option("--checkpoint", "at", metavar="FILE", help="Prove it by this checkpoint, not by a new one.")
@output_option
@checkpoints_option
@db_option
def prove(db: str | None, what: str, at: str | None, output: str, checkpoints: str | None) -> None:
    """Write a proof of one entry, or of all that was recorded on a claim.

    It holds the entries as they were recorded, the proof of each, and a signed checkpoint, and can be
    checked without this tracker: tracker audit check, or by other people's tools. For a claim these
    are the entries on itself, its evidence, links and assessments, the sources, documents and entities
    that these name, its case and question, and the policies that were in force. What was redacted
    is in it by its hash alone.

    \b
    Example:  tracker audit prove kouffa-killed-2018 -o proof.json
    """
    with opened(db) as tracker:
        by = signer(tracker, checkpoints, needed=at is None)
        text = tracker.prove(what, by, at=None if at is None else Path(at))
    _put(text, output)


@click.command("check")
@click.argument("file", metavar="BUNDLE")
@key_option
@click.option("--origin", metavar="NAME", help="The journal that it must be of (default: the key's name).")
@click.option("--tsa-cert", metavar="FILE", help="Check its timestamp by these certificates (PEM).")
@format_option
@click.pass_context
def check(
    ctx: click.Context, file: str, key: str | None, origin: str | None, tsa_cert: str | None, format_: str
) -> None:
    """Check a proof, or a checkpoint, by the key that you have from the newsroom. No tracker is needed.

    Leaves with status 5 where it does not hold, and with status 1 where it holds together but no
    --key was given: then nobody vouches for it.

    \b
    Example:  tracker audit check proof.json --key newsroom.example/claims+1a2b3c4d+AbCd…
    """
    from tracker.app.checking import check_bundle
    from tracker.report.proving import checked_json, checked_lines

    data, name = read_bytes(file, MOST_BYTES)
    beside = Path(f"{file}.tsr")
    verdict = check_bundle(
        data.decode("utf-8", "replace"),
        name=name,
        key=key,
        origin=origin,
        stamp=beside.read_bytes() if file != "-" and beside.is_file() else None,
        tsa_certificates=None if tsa_cert is None else Path(tsa_cert),
    )
    if format_ != "table":
        emit_json(checked_json(verdict.found, verdict.stamped))
    else:
        for line in checked_lines(verdict.found, verdict.stamped, unchecked_stamp=verdict.unchecked_stamp):
            tell(line)
    if not verdict.holds:
        ctx.exit(BROKEN)
    if not verdict.found.authenticated:
        ctx.exit(1)


@click.command("consistency")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--key", "keys", metavar="VKEY", multiple=True, help="Both must be signed by this key.")
@click.option("-o", "--output", metavar="FILE", help="Write a proof of it that can be checked elsewhere.")
@checkpoints_option
@db_option
def consistency(
    db: str | None,
    old: str,
    new: str | None,
    keys: tuple[str, ...],
    output: str | None,
    checkpoints: str | None,
) -> None:
    """Prove that the journal still begins with all of what an earlier checkpoint was signed on.

    OLD and NEW are files of checkpoints; without NEW, today's journal is meant. With -o the head of
    today is signed, and the proof can be checked without the tracker.

    \b
    Example:  tracker audit consistency last-year.checkpoint
    """
    from tracker.journal.notes import read_verifier_key
    from tracker.report.proving import head_words

    with opened(db) as tracker:
        found = tracker.consistency(
            Path(old),
            None if new is None else Path(new),
            keys=tuple(read_verifier_key(each) for each in keys),
            signer=signer(tracker, checkpoints, needed=new is None) if output is not None else None,
        )
    tell(f"{head_words(found.new)}")
    tell(f"begins with all {found.old.size} entries of the checkpoint {Path(old).name}, unchanged")
    if not keys:
        tell("whether the checkpoint is genuine was not asked: --key asks for its signature")
    if output is not None:
        _put(found.bundle, output)


def _needed(tracker: Tracker, checkpoints: str | None) -> Signer:
    by = signer(tracker, checkpoints, needed=True)
    assert by is not None
    return by


def _put(text: str, output: str) -> None:
    if output == "-":
        click.echo(text, nl=False)
        return
    write_whole(Path(output), text)
    say(f"wrote {output}")
