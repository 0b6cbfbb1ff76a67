"""What goes wrong, as a page: the message and the hint; who is not known is asked to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from tracker.web.desk.coming import bare
from tracker.web.problems import TITLES, headers_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tracker.web.problems import Refusal


def page_of(request: Request, error: Refusal) -> Response:
    """The page on something that is wrong."""
    if error.status == 401 and request.method == "GET":
        return RedirectResponse("/login", 303)
    made = bare("desk-wrong.html", error.status, error=error, title=TITLES.get(error.status, "Failed"))
    made.headers.update(headers_of(error))
    return made
