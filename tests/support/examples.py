"""On how many random examples a property is tried: by default on few that are the same in every run,
so that nobody's change fails by chance, and on fewer still where only the fast tests are run; on very
many new ones when asked for.

    pytest --hypothesis-profile=explore
    pytest --hypothesis-profile=explore-far --hypothesis-seed=1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    import pytest

USUAL = 100

PROFILES = {
    # name: (how many times the usual number of examples, whether they are the same in every run)
    "brief": (0.2, True),
    "steady": (1, True),
    "explore": (10, False),
    "explore-far": (100, False),
}


def register_profiles() -> None:
    """Make the profiles known to Hypothesis, and take the steady one until another is asked for."""
    for name, (times, same) in PROFILES.items():
        settings.register_profile(
            name,
            max_examples=round(USUAL * times),
            derandomize=same,
            database=None,
            # A busy machine is no failure.
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            print_blob=True,
        )
    settings.load_profile("steady")


def choose_profile(config: pytest.Config) -> None:
    """Whoever leaves out the slow tests is waiting: be brief, unless another profile was asked for."""
    if config.option.markexpr == "not slow" and not config.option.hypothesis_profile:
        settings.load_profile("brief")
    if settings().derandomize:
        draw_on_no_modules()


def draw_on_no_modules() -> None:
    """Have Hypothesis draw on none of the constants of modules that happen to be loaded: the order in which
    tests share out among processes decides which these are, and so which examples are drawn. Versions that
    never did, or do it by another name, are left alone."""
    if hasattr(providers, "_get_local_constants"):
        nothing = providers._local_constants
        providers._get_local_constants = lambda: nothing


def examples(number: int) -> settings:
    """Settings for a property that is usually tried on so many examples, and on as many times more
    as the profile says."""
    return settings(max_examples=max(1, number * settings().max_examples // USUAL))
