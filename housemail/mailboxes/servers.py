"""Servers and house domains: whom a call may talk to, and about which domain.

The only room that reaches a platform through the registry. Source: protocol 2 and 6.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from housemail.installations.models import Installation, Server
from housemail.mailboxes import accounts, endpoints
from housemail.mailboxes.commit import commit
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Conflict, Refusal, Unavailable
from housemail.mailboxes.models import Calibration, HouseDomain, Mailbox
from housemail.mailboxes.observed import Following
from housemail.mailboxes.recall import Recall
from housemail.mailboxes.unavailable import unavailable
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
RECALL_SECONDS = 60.0

# A server counts only while its password is the one that the call brings; a calibration
# only becomes younger. House domains are read each time: one may move to another
# account.
_HOUSE_DOMAIN = Prepared(
    lambda: HouseDomain.objects.filter(name=Given(HouseDomain, "name"))
)
_servers = Recall[Server](RECALL_SECONDS)
_calibrations = Recall[datetime](RECALL_SECONDS)
# What a platform has refused to log in, by a digest.
_refused = Recall[bool](RECALL_SECONDS)
_pool: dict[int, tuple[bytes, Platform]] = {}
_pool_lock = threading.Lock()


def refusal_of(exc: PlatformError, endpoint: str) -> Refusal:
    """Turn a failed login into the one sentence that names it and its fix."""
    host = endpoints.host_of(endpoint)
    if isinstance(exc, NotAnAdminApi):
        return Conflict("server_not_admin_api", field="endpoint", host=host)
    if isinstance(exc, PermissionRefused):
        return Conflict("server_permission", field="username")
    if isinstance(exc, LoginRefused):
        return Conflict("server_login_refused", field="username")
    if isinstance(exc, HostUnreachable):
        return Unavailable("server_unreachable", field="endpoint", host=host)
    return unavailable(exc)


def _build(installation: Installation, details: ServerDetails) -> Platform:
    known = _config()
    hosts = endpoints.fail_over_hosts(installation)
    emailarray = replace(known.emailarray, endpoint_groups=(hosts,))
    return registry.connect(
        details.platform,
        details.endpoint,
        details.username,
        details.password,
        config=replace(known, emailarray=emailarray),
    )


@lru_cache(maxsize=1)
def _config() -> registry.PlatformConfig:
    """Return what the platforms need to know of our settings."""
    language, timezone_name, date_format = settings.HOUSEMAIL_LOCALISATION_NAMES
    form = settings.HOUSEMAIL_WEBMAIL_FORM_URL
    fields = settings.HOUSEMAIL_WEBMAIL_FORM_FIELDS
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
            public_only=not settings.HOUSEMAIL_ALLOW_LOCAL_PLATFORM,
        ),
        memory_domains=("thexyz.com", "thexyz.ca", "thexyz.cn"),
    )


def log_in(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> list[str]:
    """Log in afresh and return the account's domains; nothing is stored.

    Errors: the four sentences of the connection test, and the checks before it.
    """
    endpoints.check_details(installation, details)
    endpoints.check_resolution(details, deadline)
    return _connect(_build(installation, details), details.endpoint, deadline)


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
    endpoints.check_details(installation, details)
    account = accounts.account_of(details)
    mark = (installation.pk, details.platform, account)
    server = _servers.get(mark)
    if server is not None and constant_time_compare(server.password, details.password):
        return server
    server = _stored(installation, details.platform, account)
    if server is not None and constant_time_compare(server.password, details.password):
        return _servers.put(mark, server)
    domains = _knock(installation, details, deadline)
    key: dict[str, Any] = {
        "installation": installation,
        "platform": details.platform,
        "account": account if server is None else server.account,
    }
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


def _knock(
    installation: Installation, details: ServerDetails, deadline: Deadline
) -> list[str]:
    """Log in, but not again and again with what was refused a moment ago.

    Every look of a customer would knock otherwise, and the platform may lock the
    account. A connection test always does: somebody has just mended it.
    """
    mark = _digest(details)
    if _refused.get(mark):
        raise Conflict("server_login_refused", field="username")
    try:
        return log_in(installation, details, deadline)
    except Conflict as refusal:
        if refusal.code == "server_login_refused":
            _refused.put(mark, True)
        raise


def _digest(details: ServerDetails) -> bytes:
    """Return what tells these credentials from others, and nothing of them."""
    told = f"{details.endpoint}\0{details.username}\0{details.password}"
    return hashlib.sha256(told.encode()).digest()


def _stored(installation: Installation, platform: str, account: str) -> Server | None:
    """Return the installation's oldest record of this account."""
    rows = Server.objects.filter(installation=installation, platform=platform)
    found = (row for row in rows.order_by("pk") if accounts.same(row.account, account))
    return next(found, None)


def platform_for(server: Server) -> Platform:
    """Return the shared client of a server; made anew when its password changed."""
    details = ServerDetails(
        server.platform, server.endpoint, server.username, server.password
    )
    mark = _digest(details)
    with _pool_lock:
        kept = _pool.get(server.pk)
        if kept is not None and kept[0] == mark:
            return kept[1]
        platform = _build(server.installation, details)
        _pool[server.pk] = (mark, platform)
        return platform


def forget_platforms() -> None:
    """Drop all shared clients and whatever else this process knows (tests, fork)."""
    _config.cache_clear()
    for known in (_servers, _calibrations, _refused):
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
    if not accounts.same(known.account, server.account):
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
