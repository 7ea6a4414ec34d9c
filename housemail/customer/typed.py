"""What somebody typed while the sign-in had ended: it waits for him in the session.

A password never does. The path of the form carries the mailbox, so that whoever signs
in next at the same browser sees it only if the mailbox is his.
"""

from __future__ import annotations

from django.http import HttpRequest

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
        request.session[_KEPT] = {"path": request.path, "form": typed}


def taken(request: HttpRequest, path: str) -> dict[str, str]:
    """Return, once, what was sent to this path."""
    kept = request.session.get(_KEPT)
    if kept is None or kept["path"] != path:
        return {}
    del request.session[_KEPT]
    return {str(name): str(text) for name, text in kept["form"].items()}
