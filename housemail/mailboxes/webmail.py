"""One-click webmail: a one-time login, minted at the click and stored nowhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from housemail.mailboxes import servers
from housemail.mailboxes.context import Context
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.naming import active_mailbox
from housemail.mailboxes.observed import Following
from housemail.mailboxes.throttle import hit
from housemail.mailboxes.unavailable import unavailable
from housemail.platforms.base import (
    Deadline,
    OutcomeUnknown,
    PlatformRefused,
    PlatformUnavailable,
    WebmailLogin,
)

PER_MINUTE = 5


def destinations() -> list[str]:
    """Return the hosts, or origins, that a login may lead to: for a page's policy."""
    urls = (settings.HOUSEMAIL_PANEL_LOGIN_URL, settings.HOUSEMAIL_WEBMAIL_FORM_URL)
    parts = [urlsplit(url) for url in urls if url]
    origins = [f"{part.scheme}://{part.netloc}" for part in parts]
    return [*settings.HOUSEMAIL_WEBMAIL_HOSTS, *origins]


def login(context: Context, deadline: Deadline) -> WebmailLogin:
    """Mint a login for the service's own mailbox.

    Errors: ``suspended``, Throttled, ``platform_refused``, ``platform_unavailable``.
    """
    mailbox = active_mailbox(context, deadline)
    hit(f"webmail:{mailbox.pk}", PER_MINUTE, 60)
    platform = servers.platform_for(mailbox.server)
    with Following(mailbox, "webmail", context.request_id):
        try:
            return platform.webmail_login(mailbox.address, deadline)
        except PlatformRefused as exc:
            raise Conflict("platform_refused", reason=exc.detail) from exc
        except (PlatformUnavailable, OutcomeUnknown) as exc:
            # A login whose answer was lost is worth nothing: mint another one.
            raise unavailable(exc) from exc
