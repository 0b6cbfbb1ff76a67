"""Completion of keys in the shell: quick, read-only, and silent about whatever goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def claim_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of claims, each with the claim's words."""
    return _keys(ctx, "claims", incomplete)


def source_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of sources, each with the source's name."""
    return _keys(ctx, "sources", incomplete)


def entity_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of entities, each with the entity's name."""
    return _keys(ctx, "entities", incomplete)


def evidence_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of evidence that was not withdrawn, each with its stance."""
    return _keys(ctx, "evidence", incomplete)


def link_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of open links, each with its relation."""
    return _keys(ctx, "links", incomplete)


def case_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of cases, each with the case's title."""
    return _keys(ctx, "cases", incomplete)


def question_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of questions, each with its words."""
    return _keys(ctx, "questions", incomplete)


def document_keys(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of documents, each with its title."""
    return _keys(ctx, "documents", incomplete)


def _keys(ctx: click.Context, table: str, incomplete: str) -> list[CompletionItem]:
    # A message here would be printed into the middle of the line that is being typed.
    try:
        from click.shell_completion import CompletionItem

        from tracker.cli.failing import plain
        from tracker.cli.options import database_url
        from tracker.store.peek import keys

        url = database_url(ctx.params.get("db") or ctx.find_root().params.get("db"))
        found = keys(url, table, incomplete)
        return [CompletionItem(plain(key), help=plain(words)) for key, words in found]
    except Exception:  # noqa: BLE001
        return []
