"""A sentence that stays while somebody signs up or in.

A message of Django's is shown once; a password that was refused would take it away,
although it is still true.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

_KEY = "web.kept_notice"


def keep(request: HttpRequest, sentence: str, *, until: datetime) -> None:
    """Show the sentence on the pages to sign up and in, until then."""
    request.session[_KEY] = [sentence, until.timestamp()]


def kept(request: HttpRequest) -> str:
    """Return the sentence for who is not signed in yet; "" when there is none."""
    if request.user.is_authenticated or _KEY not in request.session:
        return ""
    sentence, until = request.session[_KEY]
    return str(sentence) if timezone.now().timestamp() < until else ""
