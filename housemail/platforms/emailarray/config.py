"""What may differ between installations of the same platform.

Everything here is a hypothesis of the API notes that a first real run may correct,
or a choice of the host; nothing here is a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from housemail.platforms.emailarray.actions import NAMING, SECRET_KEYS
from housemail.platforms.emailarray.endpoints import is_loopback

_RESERVED = (
    NAMING
    | SECRET_KEYS
    | {"action", "edituname", "editaccount_type", "editquota", "forward"}
)
FieldSource = Literal["address", "otp", "token"]


@dataclass(frozen=True, slots=True)
class EmailArrayConfig:
    """Settings of the EmailArray adapter.

    ``update_*``: parameter names of ``updateUser``, hypotheses (API 6.9); empty
    means "do not send". ``webmail_fields``: (field name, what it carries) of the
    form method, whose real names are not public (API 6.13). ``webmail_hosts``:
    hosts a form may post to, ``*.example.com`` allowed. ``endpoint_groups``: hosts
    (with port, when not the usual one) that serve the same account (API 1.1).
    ``public_only``: connect to no address of a private network (protocol 6).
    """

    update_language: str = "edituser_language"
    update_timezone: str = "edittimezone"
    update_date_format: str = "editdateformat"
    webmail_method: Literal["panel", "form"] = "panel"
    panel_login_url: str = "https://cp.emailarray.com/processlogin.php"
    webmail_form_url: str = ""
    webmail_fields: tuple[tuple[str, FieldSource], ...] = (
        ("username", "address"),
        ("otp", "otp"),
        ("token", "token"),
    )
    webmail_hosts: tuple[str, ...] = ("*.emailarray.com",)
    cookies: bool = False
    force_ipv4: bool = False
    public_only: bool = False
    ca_file: str | None = None
    endpoint_groups: tuple[tuple[str, ...], ...] = (
        ("cfcp.emailarray.com", "cp.emailarray.com"),
    )

    def __post_init__(self) -> None:
        """Refuse what would break a promise. Errors: ValueError."""
        names = (self.update_language, self.update_timezone, self.update_date_format)
        given = [name for name in names if name]
        if len(set(given)) != len(given) or _RESERVED.intersection(given):
            raise ValueError("the localisation parameter names must be their own")
        for url in (self.panel_login_url, self.webmail_form_url):
            parts = urlsplit(url)
            local = parts.scheme == "http" and is_loopback(parts.hostname or "")
            if url and not local and parts.scheme != "https":
                raise ValueError("login pages must be https")
