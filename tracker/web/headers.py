"""Headers that every answer bears, and those of answers of some kind."""

from __future__ import annotations

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of pages: everything from here, no script within a page, in no frame."""

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""That of files which came from outside: should a browser show one all the same, nothing in it runs, and it
is of no origin."""

ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": browsers would then send "null" as the origin of our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What every answer says, unless it says something stricter itself."""

NEVER_KEPT = {"Cache-Control": "no-store"}
"""Of answers that nobody may keep."""

ASK_AGAIN = {"Cache-Control": "private, no-cache"}
"""Of answers that their reader may keep, and must ask about before they use them again."""

STRICT_TRANSPORT = "max-age=31536000"
