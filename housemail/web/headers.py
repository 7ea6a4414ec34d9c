"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest
from django.http.response import HttpResponseBase

CSP = "Content-Security-Policy"

# Nothing inline, nothing from elsewhere. Pictures in style sheets (arrows of a select)
# and the code that an authenticator scans are "data:"; neither can run.
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# Unfold's pages are built with Alpine, which compiles the expressions in attributes
# ('unsafe-eval'), and write colours and widths as style attributes. Scripts still come
# from us alone, and none is inline. Only staff with a second factor see these pages.
CONSOLE_PATH = "/console/"
CONSOLE_POLICY = {
    **POLICY,
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
}

HEADERS = {
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "X-Content-Type-Options": "nosniff",
    # Other sites learn nothing. "no-referrer" would also empty the Origin of our own
    # forms, by which Django knows them as ours.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def allow_forms_to(
    response: HttpResponseBase,
    hosts: Iterable[str],
    policy: Mapping[str, str] = POLICY,
) -> None:
    """Let the forms of this one page lead to other hosts, over HTTPS, or as it says.

    Browsers hold the redirect that answers a form against the same list, so that this
    is needed for a button that ends at a mail platform's webmail too.
    """
    named = (host if "://" in host else f"https://{host}" for host in hosts)
    shown = " ".join(["'self'", *named])
    response.headers[CSP] = _written({**policy, "form-action": shown})


class HeadersMiddleware:
    """Adds the security headers that a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one in the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self._get_response(request)
        in_console = request.path.startswith(CONSOLE_PATH)
        policy = CONSOLE_POLICY if in_console else POLICY
        response.headers.setdefault(CSP, _written(policy))
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # No proxy keeps a page; going back finds the form as it was left.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
