"""One-time ways into webmail.

``panel``: the link the vendor builds (API 6.13), base64 and percent-encoded.
``form``: field names and target from our configuration, because they are not
public; a host named by the answer is used only when the configuration lists it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from housemail.platforms.base import Address, PlatformUnavailable, WebmailLogin
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.envelope import REPLACEMENT


def panel_login(base: str, address: Address, otp: object) -> WebmailLogin:
    """Return the control panel's link. Source: API 6.13."""
    password = _usable(otp, Action.OTP)
    query = urlencode(
        {
            "u": b64encode(str(address).encode()).decode(),
            "p": b64encode(password.encode()).decode(),
        }
    )
    return WebmailLogin("GET", f"{base}?{query}")


def form_login(
    config: EmailArrayConfig, address: Address, data: object
) -> WebmailLogin:
    """Return the form to post. Source: API 5.2, 6.13 (all of it a hypothesis)."""
    if not isinstance(data, Mapping):
        raise _odd(Action.OTP_AND_TOKEN)
    known = {
        "address": str(address),
        "otp": data.get("otp"),
        "token": data.get("token"),
    }
    fields: dict[str, str] = {}
    for name, source in config.webmail_fields:
        fields[name] = _usable(known[source], Action.OTP_AND_TOKEN)
    url = config.webmail_form_url or _allowed(data.get("url"), config.webmail_hosts)
    return WebmailLogin("POST", url, fields)


def _usable(value: object, action: Action) -> str:
    """Return a text that lets somebody in: whole, and none of it replaced."""
    if not isinstance(value, str) or not value or REPLACEMENT in value:
        raise _odd(action)
    return value


def _allowed(raw: object, hosts: tuple[str, ...]) -> str:
    """Return the answer's URL when it is https on a listed host, else raise."""
    text = raw.strip() if isinstance(raw, str) else ""
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _odd(Action.OTP_AND_TOKEN) from None
    plain = parts.scheme == "https" and port is None and "@" not in parts.netloc
    # A backslash or a blank is read differently by different browsers.
    clean = text.isascii() and text.isprintable() and not set(text) & {"\\", " "}
    if not (plain and clean and any(_matches(host, rule) for rule in hosts)):
        raise _odd(Action.OTP_AND_TOKEN)
    return f"https://{host}{parts.path or '/'}"


def _matches(host: str, rule: str) -> bool:
    if rule.startswith("*."):
        return host.endswith(rule[1:]) and len(host) > len(rule) - 1
    return host == rule


def _odd(action: Action) -> PlatformUnavailable:
    return PlatformUnavailable("no usable one-time login", action=action.value)
