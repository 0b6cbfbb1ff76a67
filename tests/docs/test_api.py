"""What the page on the API shows is what the server answers.

After a change that is meant: UPDATE_GOLDEN=1 pytest tests/docs/test_api.py, and read what git shows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.newsroom import furnish
from tests.support.session import Terminal, run_markdown_sessions
from tests.support.web import client

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tracker.app import Tracker

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXCHANGE = re.compile(r"```http\n(.*?)```\n\n```json\n(.*?)```", re.DOTALL)


def asked(web: TestClient, request: str) -> Any:
    """The answer to a request as it is written on the page."""
    head, _, body = request.strip().partition("\n\n")
    first, *lines = head.split("\n")
    method, _, path = first.partition(" ")
    headers = {"Content-Type": "application/json"} | dict(line.split(": ", 1) for line in lines)
    answered = web.request(method, path, content=body or None, headers=headers)
    return answered.json()


def test_the_page_is_what_the_server_answers(tracker: Tracker) -> None:
    furnish(tracker)
    text = PAGE.read_text("utf-8")
    shown = text
    with client(str(tracker.database.url)) as web:
        for request, answer in EXCHANGE.findall(text):
            now = json.dumps(asked(web, request), indent=1, ensure_ascii=False) + "\n"
            shown = shown.replace(
                f"```http\n{request}```\n\n```json\n{answer}```",
                f"```http\n{request}```\n\n```json\n{now}```",
                1,
            )
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(shown, "utf-8")
        return
    assert shown == text


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_its_session_is_what_the_program_prints(empty_database: Path, tmp_path: Path) -> None:
    shutil.copy(empty_database, tmp_path / "newsroom.db")
    assert run_markdown_sessions(PAGE, Terminal(tmp_path)) == PAGE.read_text("utf-8")
