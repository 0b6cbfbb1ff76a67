"""Writes the pages that follow from the program: docs/errors.md and docs/commands.md, what other pages
take from it (docs.pages), and figures (docs.figures).

python -m docs.generate           writes them
python -m docs.generate --check   says which are out of date, and leaves with status 1
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

import claims.errors
import tracker.errors
from claims.errors import ClaimsError
from docs import figures, pages
from tracker.cli.failing import BUG, INTERRUPTED
from tracker.cli.main import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
SESSIONS = FOLDER / "errors"


# --- errors ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Code:
    """An error code, the exit status that goes with it, and what it means."""

    name: str
    exit_status: int
    meaning: str


def codes() -> list[Code]:
    """Every error code of the program, by exit status."""
    meanings: dict[str, tuple[int, list[str]]] = {
        "bug": (BUG, ["The program itself failed."]),
        "interrupted": (INTERRUPTED, ["Stopped with Ctrl-C."]),
    }
    for module in (claims.errors, tracker.errors):
        for kind in vars(module).values():
            if not isinstance(kind, type) or not issubclass(kind, ClaimsError) or kind is ClaimsError:
                continue
            meaning = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
            said = meanings.setdefault(kind.code, (kind.exit_status, []))[1]
            if meaning not in said:
                said.append(meaning)
    found = [Code(name, status, " ".join(said)) for name, (status, said) in meanings.items()]
    return sorted(found, key=lambda code: (code.exit_status, code.name))


def errors_page() -> str:
    """docs/errors.md."""
    lines = [
        "# Errors",
        "",
        "Whatever goes wrong is said in one form, on standard error: `error[code]:` with what is wrong,",
        "then `hint:` with what to do next. Programs go by the code or the exit status; both are stable.",
        "After any error nothing of the command has been recorded, unless the message says otherwise.",
        "",
        "| code | exit status | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| [{code.name}](#{code.name}) | {code.exit_status} | {code.meaning.replace('|', chr(92) + '|')} |"
        for code in codes()
    ]
    lines += [
        "",
        "A plain negative answer has exit status 1 and no code: a search that finds nothing, a doctor",
        "that finds a problem.",
        "",
        "Every session below is run by the tests. `newsroom.db` holds two sources (`ministry`, `rebels`),",
        "two claims (`mayor-killed`, with one piece of evidence, and `mayor-fled`), and it is",
        "22 November 2026.",
    ]
    for code in codes():
        session = (SESSIONS / f"{code.name}.txt").read_text("utf-8").rstrip("\n")
        lines += ["", f"## {code.name}", "", code.meaning, "", "```text", session, "```"]
    return "\n".join(lines) + "\n"


# --- commands -------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, str]]:
    """Every command and subcommand with its help, in the order of the help."""
    # As the program itself makes it: click keeps what the first help says of -h.
    settings = {**cli.context_settings, "terminal_width": 90, "max_content_width": 90}
    root = click.Context(cli, info_name="tracker", **settings)
    yield "tracker", cli.get_help(root)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        yield from _helps(command, name, root)


def _helps(command: click.Command, name: str, parent: click.Context) -> Iterator[tuple[str, str]]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=90, max_content_width=90)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            subcommand = command.get_command(context, inner)
            assert subcommand is not None
            yield from _helps(subcommand, inner, context)


def commands_page() -> str:
    """docs/commands.md."""
    lines = [
        "# Commands",
        "",
        "What each command says with `--help`. What can go wrong: [errors](errors.md).",
    ]
    for path, text in commands():
        lines += ["", f"## {path}", "", "```text", text.rstrip(), "```"]
    return "\n".join(lines) + "\n"


PAGES = (
    {"errors.md": errors_page, "commands.md": commands_page}
    | pages.PAGES
    | {f"figures/{name}.svg": partial(figures.svg, name) for name in figures.NAMES}
)


def main() -> int:
    """Write the pages, or with --check compare them; returns the exit status."""
    old = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        old.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    if old and "--check" in sys.argv:
        print(f"out of date: {', '.join(old)}; write anew with: python -m docs.generate")
        return 1
    print(f"wrote {', '.join(old)}" if old else "all pages are current")
    return 0


if __name__ == "__main__":
    sys.exit(main())
