"""The API fuzzed from its own OpenAPI document: whatever is sent, it answers, and never by failing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.newsroom import furnish
from tests.support.web import HERE, Limits, client

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

EXAMPLES = 25
"""Requests made up for each operation."""

KNOWN = ("mayor-killed", "mayor-fled", "ministry", "mayor", "mayor-killed.ministry", "m", "7")
"""Keys and numbers that are there, or nearly."""


def test_no_request_makes_it_fail(places: Places, tracker: Tracker) -> None:
    furnish(tracker)
    limits = Limits(rate=100_000.0, burst=10_000_000)
    with client(places.find("newsroom"), limits=limits) as web:
        schema = schemathesis.openapi.from_dict(web.get("/api/openapi.json").json())
        failed = []
        for operation in schema.get_all_operations():
            failed += tried(operation.ok(), web)
        assert failed == []
    assert tracker.audit().problems == ()


def tried(operation: Any, web: TestClient) -> list[str]:
    """What failed of the requests that were made up for an operation."""
    failed: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), key=st.sampled_from(KNOWN), known=st.booleans())
    def ask(case: Any, key: str, known: bool) -> None:
        if known and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, key)
        answered = sent(case, web)
        if answered.status_code >= 500:
            failed.append(f"{answered.status_code}: {case.as_curl_command()}")

    ask()
    return failed


def sent(case: Any, web: TestClient) -> Any:
    """The answer to a request that was made up."""
    kept = ("method", "url", "params", "headers", "json", "data")
    asked = {name: value for name, value in case.as_transport_kwargs(base_url=HERE).items() if name in kept}
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    asked["headers"] = {name: value for name, value in dict(asked["headers"]).items() if value.isascii()}
    return web.request(**asked)
