"""Servers and house domains: whom a call may talk to, and about which domain.

The only room that reaches a platform through the registry. Source: protocol 2 and 6.
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import threading
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from housemail.installations.models import Installation, Server
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Conflict, Invalid, Refusal, Unavailable
from housemail.mailboxes.marking import _
from housemail.mailboxes.models import Calibration, HouseDomain, Mailbox
from housemail.mailboxes.observed import Following
from housemail.mailboxes.recall import Recall
from housemail.platforms import registry
from housemail.platforms.base import (
    Address,
    Deadline,
    HostUnreachable,
    LoginRefused,
    Look,
    NotAnAdminApi,
    PermissionRefused,
    Platform,
    PlatformError,
    Presence,
)
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.prepared import Given, Prepared

CALIBRATION_AGE = timedelta(days=1)
# A calibration is renewed by looks that find something, but not at each of them.
CALIBRATION_RENEWAL = timedelta(hours=1)
DOMAINS_AGE = timedelta(seconds=60)
# What the product sheet calls the details of a server, for people who fill them in.
LABELS = {
    "endpoint": _("Hostname / API Endpoint"),
    "username": _("Username"),
    "password": _("Password"),
}
RECALL_SECONDS = 60.0

# A server counts only while its password is the one that the call brings; a calibration
# only becomes younger. House domains are read each time: one may move to another
# account.
_HOUSE_DOMAIN = Prepared(
    lambda: HouseDomain.objects.filter(name=Given(HouseDomain, "name"))
)
_servers = Recall[Server](RECALL_SECONDS)
_calibrations = Recall[datetime](RECALL_SECONDS)
_pool: dict[int, tuple[str, Platform]] = {}
_pool_lock = threading.Lock()


def host_of(endpoint: str) -> str:
    """Return the host of an endpoint, lower case."""
    return (urlsplit(endpoint).hostname or "").lower()


def account_of(details: ServerDetails) -> str:
    """Name the platform account, the same for all fail-over hosts of a platform."""
    endpoint = details.endpoint
    if endpoint in settings.HOUSEMAIL_ENDPOINTS:
        endpoint = settings.HOUSEMAIL_ENDPOINTS[0]
    return f"{details.platform}:{details.username.lower()}@{endpoint}"[:255]


def check_details(installation: Installation, details: ServerDetails) -> None:
    """Refuse a server that is incomplete or that this installation may not use."""
    if details.platform not in registry.kinds():
        raise Invalid(
            "platform_unknown", field="platform", platform=details.platform or "''"
        )
    for name, label in LABELS.items():
        if not getattr(details, name):
            raise Invalid("server_incomplete", field=name, label=label)
    if details.platform != "memory":
        _check_endpoint(installation, details.endpoint)
    elif not settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM:
        # It keeps mail nowhere: nobody shall sell on it by mistake.
        raise Conflict("endpoint_private", field="platform", host="memory")


def _check_endpoint(installation: Installation, endpoint: str) -> None:
    """Only https, only hosts on the list; loopback where trying is allowed."""
    host = host_of(endpoint)
    parts = urlsplit(endpoint)
    private = _is_private_name(host)
    schemes = {"https", "http"} if private else {"https"}
    if parts.scheme not in schemes or not host or parts.username is not None:
        shown = endpoint if parts.username is None else host
        raise Invalid("endpoint_invalid", field="endpoint", endpoint=shown[:200])
    if private and settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM:
        return
    if private:
        raise Conflict("endpoint_private", field="endpoint", host=host)
    if host not in installation.endpoint_hosts:
        raise Conflict("endpoint_not_allowed", field="endpoint", host=host)


def _is_private_name(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _check_resolution(details: ServerDetails) -> None:
    """Refuse a public name that leads to a private address (protocol 6)."""
    host = host_of(details.endpoint)
    if settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM or details.platform == "memory":
        return
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as exc:
        raise Unavailable("server_unreachable", field="endpoint", host=host) from exc
    if any(_is_private_name(str(entry[4][0])) for entry in found):
        raise Conflict("endpoint_private", field="endpoint", host=host)


def refusal_of(exc: PlatformError, endpoint: str) -> Refusal:
    """Turn a failed login into the one sentence that names it and its fix."""
    host = host_of(endpoint)
    if isinstance(exc, NotAnAdminApi):
        return Conflict("server_not_admin_api", field="endpoint", host=host)
    if isinstance(exc, PermissionRefused):
        return Conflict("server_permission", field="username")
    if isinstance(exc, LoginRefused):
        return Conflict("server_login_refused", field="username")
    if isinstance(exc, HostUnreachable):
        return Unavailable("server_unreachable", field="endpoint", host=host)
    return Unavailable("platform_unavailable")


def _build(kind: str, endpoint: str, username: str, password: str) -> Platform:
    return registry.connect(kind, endpoint, username, password, config=_config())


@lru_cache(maxsize=1)
def _config() -> registry.PlatformConfig:
    """Return what the platforms need to know of our settings."""
    language, timezone_name, date_format = settings.HOUSEMAIL_LOCALISATION_NAMES
    form = settings.HOUSEMAIL_WEBMAIL_FORM_URL
    fields = settings.HOUSEMAIL_WEBMAIL_FORM_FIELDS
    hosts = tuple(host_of(url) for url in settings.HOUSEMAIL_ENDPOINTS)
    return registry.PlatformConfig(
        threads=settings.HOUSEMAIL_THREADS,
        emailarray=EmailArrayConfig(
            update_language=language,
            update_timezone=timezone_name,
            update_date_format=date_format,
            webmail_method="form" if form else "panel",
            panel_login_url=settings.HOUSEMAIL_PANEL_LOGIN_URL,
            webmail_form_url=form,
            webmail_fields=(
                (fields[0], "address"),
                (fields[1], "otp"),
                (fields[2], "token"),
            ),
            webmail_hosts=tuple(settings.HOUSEMAIL_WEBMAIL_HOSTS),
            force_ipv4=settings.HOUSEMAIL_FORCE_IPV4,
            endpoint_groups=(hosts,),
        ),
        memory_domains=("thexyz.com", "thexyz.ca", "thexyz.cn"),
    )


def log_in(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> list[str]:
    """Log in afresh and return the account's domains; nothing is stored.

    Errors: the four sentences of the connection test, and the checks before it.
    """
    check_details(installation, details)
    _check_resolution(details)
    platform = _build(
        details.platform, details.endpoint, details.username, details.password
    )
    return _connect(platform, details.endpoint, deadline)


def _connect(platform: Platform, endpoint: str, deadline: Deadline) -> list[str]:
    with Following(None, "login", ""):
        try:
            return platform.connect(deadline)
        except PlatformError as exc:
            raise refusal_of(exc, endpoint) from exc


def resolve(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> Server:
    """Return our record of the server, after a login when it is new or has changed.

    A stored password is replaced only after the new one logged in.
    """
    check_details(installation, details)
    account = account_of(details)
    mark = (installation.pk, details.platform, account)
    server = _servers.get(mark)
    if server is not None and constant_time_compare(server.password, details.password):
        return server
    key: dict[str, Any] = {
        "installation": installation,
        "platform": details.platform,
        "account": account,
    }
    server = Server.objects.filter(**key).first()
    if server is not None and constant_time_compare(server.password, details.password):
        return _servers.put(mark, server)
    domains = log_in(installation, details, deadline)
    values = {
        "endpoint": details.endpoint,
        "username": details.username,
        "password": details.password,
        "domains": domains,
        "domains_seen_at": timezone.now(),
        "last_ok_at": timezone.now(),
    }
    try:
        return commit(lambda: Server.objects.update_or_create(**key, defaults=values))[
            0
        ]
    except IntegrityError:
        return Server.objects.get(**key)


def platform_for(server: Server) -> Platform:
    """Return the shared client of a server; made anew when its password changed."""
    mark = hashlib.sha256(
        f"{server.endpoint}\0{server.username}\0{server.password}".encode()
    ).hexdigest()
    with _pool_lock:
        kept = _pool.get(server.pk)
        if kept is not None and kept[0] == mark:
            return kept[1]
        platform = _build(
            server.platform, server.endpoint, server.username, server.password
        )
        _pool[server.pk] = (mark, platform)
        return platform


def forget_platforms() -> None:
    """Drop all shared clients and whatever else this process knows (tests, fork)."""
    _config.cache_clear()
    for known in (_servers, _calibrations):
        known.forget()
    with _pool_lock:
        _pool.clear()


def _remember_domain(server: Server, name: str) -> HouseDomain:
    try:
        with transaction.atomic():
            return HouseDomain.objects.create(name=name, account=server.account)
    except IntegrityError:
        return HouseDomain.objects.get(name=name)


def house_domain(server: Server, name: str, deadline: Deadline) -> HouseDomain:
    """Return the house domain of this server's account (protocol 6).

    Errors: ``domain_elsewhere``, ``domain_not_on_platform``.
    """
    known = _HOUSE_DOMAIN.one(name=name)
    if known is None:
        if name not in server.domains:
            _refresh_domains(server, deadline)
        if name not in server.domains:
            raise Conflict("domain_not_on_platform", field="domain", domain=name)
        known = _remember_domain(server, name)
    if known.account != server.account:
        raise Conflict("domain_elsewhere", field="domain", domain=name)
    return known


def check_listed(server: Server, name: str, deadline: Deadline) -> None:
    """Ask the account now whether the domain is among its own.

    Errors: ``domain_not_on_platform``, those of a login.
    """
    _refresh_domains(server, deadline)
    if name not in server.domains:
        raise Conflict("domain_not_on_platform", field="domain", domain=name)


def _refresh_domains(server: Server, deadline: Deadline) -> None:
    seen = server.domains_seen_at
    if seen is not None and timezone.now() - seen < DOMAINS_AGE:
        return
    server.domains = _connect(platform_for(server), server.endpoint, deadline)
    server.domains_seen_at = timezone.now()
    server.save(update_fields=["domains", "domains_seen_at"])


def _calibrated(server: Server, domain: HouseDomain) -> datetime | None:
    """Return when a look last found something here, unless that is too long ago."""
    mark = (server.pk, domain.pk)
    found_at = _calibrations.get(mark)
    if found_at is None:
        row = Calibration.objects.filter(server=server, house_domain=domain).first()
        if row is None:
            return None
        found_at = _calibrations.put(mark, row.found_at)
    return found_at if timezone.now() - found_at <= CALIBRATION_AGE else None


def _calibrate(server: Server, domain: HouseDomain) -> None:
    fresh = _calibrated(server, domain)
    now = timezone.now()
    if fresh is not None and now - fresh < CALIBRATION_RENEWAL:
        return
    try:
        commit(
            lambda: Calibration.objects.update_or_create(
                server=server, house_domain=domain, defaults={"found_at": now}
            )
        )
    except IntegrityError:
        Calibration.objects.filter(server=server, house_domain=domain).update(
            found_at=now
        )
    _calibrations.put((server.pk, domain.pk), now)


def look(
    server: Server, domain: HouseDomain, address: Address, deadline: Deadline
) -> Look:
    """Look for an address; "absent" only from a search that is known to find.

    Cost: one platform call, and one more a day to calibrate.
    Errors: those of platform reads.
    """
    platform = platform_for(server)
    calibrated = _calibrated(server, domain) is not None
    if not calibrated:
        known = (
            Mailbox.objects.filter(
                server=server,
                house_domain=domain,
                state__in=[Mailbox.State.ACTIVE, Mailbox.State.SUSPENDED],
            )
            .exclude(handle=address.handle)
            .first()
        )
        if known is not None:
            probe = platform.look(
                Address(known.handle, domain.name), deadline, calibrated=False
            )
            if probe.presence is Presence.PRESENT:
                _calibrate(server, domain)
                calibrated = True
    result = platform.look(address, deadline, calibrated=calibrated)
    if result.presence is Presence.PRESENT:
        _calibrate(server, domain)
    return result
