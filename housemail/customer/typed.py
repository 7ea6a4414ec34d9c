"""What somebody typed while the sign-in had ended: it waits for him in the session.

A password never does. The path of the form carries the mailbox, so that whoever signs
in next at the same browser sees it only if the mailbox is his. Looking uses nothing up,
in another tab for instance: it waits for some minutes, or until it is sent.
"""

from __future__ import annotations

import time

from django.http import HttpRequest

WAITS_SECONDS = 600
_KEPT = "customer.typed"
_FIELDS = ("handle", "to", "destination", "list", "members")
# Anybody may send a form; more than this nobody types by hand.
_MOST = 4_000


def keep(request: HttpRequest) -> None:
    """Keep the form that was sent."""
    typed = {
        name: request.POST[name][:_MOST] for name in _FIELDS if name in request.POST
    }
    if typed:
        kept = {"path": request.path, "form": typed, "at": time.time()}
        request.session[_KEPT] = kept


def waiting(request: HttpRequest, path: str) -> dict[str, str]:
    """Return what was sent to this path a while ago."""
    kept = request.session.get(_KEPT)
    if kept is None or kept["path"] != path or not is_recent(kept, WAITS_SECONDS):
        return {}
    return {str(name): str(text) for name, text in kept["form"].items()}


def forget(request: HttpRequest) -> None:
    """Forget what waits for the form that was sent now, and taken."""
    if request.session.get(_KEPT, {}).get("path") == request.path:
        del request.session[_KEPT]


def is_recent(kept: dict[str, object], seconds: int) -> bool:
    """Say whether something of the session was kept at most so long ago."""
    at = kept.get("at")
    return isinstance(at, float) and time.time() - at <= seconds
