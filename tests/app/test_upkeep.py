"""What doctor says of the installation: versions that results depend on, and what is not as it must be."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile
from tracker.app import upkeep

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only  # it is about the installation


def test_the_packages_that_results_depend_on_are_named_with_their_versions(tracker: Tracker) -> None:
    said = tracker.doctor()
    for name in ("sqlalchemy", "alembic", "click", "cryptography", "python-dateutil", "numpy"):
        assert ("ok", f"{name} {version(name)}") in said


def test_a_package_that_is_missing_is_a_problem(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_numpy(name: str) -> str:
        if name == "numpy":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(upkeep, "version", without_numpy)
    assert [what for how, what in tracker.doctor() if how == "problem"] == ["numpy is not installed"]


def test_another_package_with_a_module_of_the_same_name_is_a_problem(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever was installed last has silently taken the place of the other's files."""
    owners = {"claims": ["ours", "claims-of-insurers", "ours"], "tracker": ["ours", "ours"]}
    monkeypatch.setattr(upkeep, "packages_distributions", lambda: owners)
    (problem,) = [what for how, what in tracker.doctor() if how == "problem"]
    assert problem == (
        "the module claims is claimed by several packages: claims-of-insurers, ours; "
        "install this program into an environment of its own"
    )


def test_a_key_that_cannot_be_read_is_a_problem(tracker: Tracker, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("no key at all", "utf-8")
    (problem,) = [what for how, what in tracker.doctor(key_file=key) if how == "problem"]
    assert str(key) in problem


def test_a_policy_that_cannot_be_loaded_is_warned_of(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = BadFile("the policy of newsroom-rules cannot be loaded", "install a version that fits")
    monkeypatch.setattr(upkeep, "policy_findings", lambda: [finding])
    assert ("warning", f"{finding.message}; {finding.hint}") in tracker.doctor()


def test_a_view_that_is_gone_is_named_and_made_anew(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        connection.exec_driver_sql("DROP VIEW claim_status")
    told = ("problem", "the view claim_status is missing; make it anew with: tracker db rebuild")
    assert told in tracker.doctor()
    tracker.rebuild()
    assert told not in tracker.doctor()
