"""Strings that try to become more than text in a page, as names, quotes and addresses of a tracker."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app import Tracker

PWN = "window.pwned=1"
TAGS = (
    *(f"<script>{PWN}</script>", f"<img src=x onerror={PWN}>", f"<svg onload={PWN}>", f"<body onload={PWN}>"),
    *("<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>", f"<a href=javascript:{PWN}>x</a>"),
    *(
        f"<details open ontoggle={PWN}>",
        f"<video><source onerror={PWN}>",
        f"<math><mi xlink:href=javascript:{PWN}>",
    ),
    *(
        f"<style>@import 'javascript:{PWN}'</style>",
        f"<input autofocus onfocus={PWN}>",
        f"<object data=javascript:{PWN}>",
    ),
    *(f"<meta http-equiv=refresh content='0;url=javascript:{PWN}'>", "<base href='https://evil.test/'>"),
    *("<link rel=stylesheet href=https://evil.test/x.css>", "<img src=https://evil.test/x.png>"),
    *(
        f"<svg><use href='data:image/svg+xml,<svg id=x onload={PWN}/>#x'>",
        f"<form action=javascript:{PWN}><button>",
    ),
)
BREAKS = (
    *("", '"', "'", '">', "'>", "-->", "]]>", "</title>", "</script>", "</style>", "</textarea>", "</svg>"),
    *("\\", "`", "${", "{{", "{%", "&lt;", "&#60;", "%3C", "\\u003c", "\u2028", "<!--", "<![CDATA["),
)
ADDRESSES = (
    *(
        f"javascript:{PWN}",
        f"JaVaScRiPt:{PWN}",
        f"\tjavascript:{PWN}",
        f"java\nscript:{PWN}",
        f"javascript\x3a//%0a{PWN}",
    ),
    *(f"data:text/html,<script>{PWN}</script>", f"vbscript:{PWN}", "file:///etc/passwd", "//evil.test/x"),
    *(
        'https://a.test/"onmouseover=' + PWN,
        "https://a.test/'><script>window.pwned=1</script>",
        "blob:x",
        "https://[x",
    ),
    *(f"https://a.test/#<img src=x onerror={PWN}>", "http://a.test\\@evil.test/", "feed:javascript:alert(1)"),
)


def _made() -> Iterator[str]:
    for before, tag in product(BREAKS, TAGS):
        yield before + tag
    for before, after in product(BREAKS, BREAKS):
        yield f"{before} onmouseover={PWN} {after}"
    yield from ADDRESSES


HOSTILE = tuple(dict.fromkeys(_made()))


def fill_with(tracker: Tracker) -> None:
    """Log all of them: each as the words of a claim, a value, a place, a note, a quote, a title, an address
    or a reason; those that a name may hold also as names of sources and persons."""
    from claims.errors import ClaimsError

    tracker.add_source("Plain", key="plain", type="outlet")
    portion = 8
    for number in range(0, len(HOSTILE), portion):
        some = [*HOSTILE[number : number + portion]]
        some += [some[0]] * (portion - len(some))
        text, value, where, note, quote, title, address, reason = some
        key = f"it-{number}"
        for what in (text, title):
            try:
                tracker.add_source(what, key=f"s-{key}", type="outlet", url=address, note=note)
                tracker.add_entity(value, key=f"p-{key}", type="person", aliases=[where, title])
                break
            except ClaimsError:  # a name that cannot be seen, or looks like another
                continue
        source = f"s-{key}" if _is_there(tracker, f"s-{key}") else "plain"
        tracker.add_claim(text, key=key, kind="other", value=value, where=where, note=note)
        tracker.add_document(title, key=f"d-{key}", url=_address(number))
        tracker.log(
            key, source=source, stance="supports", quote=quote, document=f"d-{key}", locator=note, note=reason
        )
        tracker.assess(key, "disputed", reason=reason)
        tracker.publish(key, where=f"https://desk.test/{number}", note=reason)


def _is_there(tracker: Tracker, source: str) -> bool:
    return any(each.key == source for each in tracker.sources())


def _address(number: int) -> str:
    return ADDRESSES[number // 8 % len(ADDRESSES)]
