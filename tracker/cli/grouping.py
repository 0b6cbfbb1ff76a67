"""Groups of commands that say what was perhaps meant when a name does not fit."""

from __future__ import annotations

import click


class Group(click.Group):
    """A group of commands; an unknown name is answered with the nearest ones."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but in our words, which do not change with click's version."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], known, ctx)
        return super().resolve_command(ctx, args)


class NoSuchCommand(click.UsageError):
    """A command that is not there. ``hint`` says what was perhaps meant."""

    def __init__(self, name: str, known: list[str], ctx: click.Context) -> None:
        super().__init__(f"there is no command {name!r}", ctx)
        self.hint = meant(name, known) or f"see: {ctx.command_path} --help"


def meant(name: str, known: list[str]) -> str:
    """The nearest of the known names as a question; empty where none is near."""
    from claims.names import did_you_mean

    near = did_you_mean(name, known)
    return f"did you mean {' or '.join(near)}?" if near else ""
