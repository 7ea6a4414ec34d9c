"""What ``housemail doctor`` looks at: a function a question, a finding an answer."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils import timezone

from housemail import first_start
from housemail.background import engine
from housemail.environment import FORWARDED_FOR
from housemail.installations.models import ApiKey, Server
from housemail.mailboxes import connection, reserved
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import HouseDomain, Mailbox, Operation
from housemail.ops import database, demo_data
from housemail.platforms.base import Deadline

# An operation is settled within minutes; one that is open longer wants a look.
LONG_OPEN = timedelta(minutes=15)
LISTED = 20
SERVER_SECONDS = 15.0


class Grade(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, what to do."""

    grade: Grade
    what: str
    says: str


def examine(*, servers: bool) -> Iterator[Finding]:
    """Look at everything; what needs the database only when that answers."""
    yield _python()
    yield from _secrets()
    yield from _proxies()
    yield _reserved()
    found = _database()
    yield found
    if found.grade is Grade.FAIL:
        return
    checks: list[Callable[[], Iterator[Finding]]] = [_engine, _keys, _credentials]
    checks += [_open_operations, _mailboxes_for_staff, _domains]
    for check in checks:
        yield from check()
    if servers:
        yield from _servers()


def _python() -> Finding:
    version = sys.version.split()[0]
    good = sys.version_info >= (3, 11)
    says = version if good else f"{version} is too old: use Python 3.11 or newer."
    return Finding(Grade.OK if good else Grade.FAIL, "Python", says)


def _mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _secrets() -> Iterator[Finding]:
    directory = Path(settings.HOUSEMAIL_DATA_DIR)
    if not os.access(directory, os.W_OK | os.X_OK):
        says = f"{directory} cannot be written by this user."
        yield Finding(Grade.FAIL, "data directory", says)
        return
    loose = []
    if _mode_of(directory) & 0o077:
        loose.append(f"chmod 700 {directory}")
    for _, name, _ in first_start.SECRETS:
        path = directory / name
        if path.is_file() and _mode_of(path) & 0o077:
            loose.append(f"chmod 600 {path}")
    if loose:
        says = "others on this machine may read it: " + "; ".join(loose)
        yield Finding(Grade.FAIL, "data directory", says)
    else:
        yield Finding(Grade.OK, "data directory", str(directory))


def _proxies() -> Iterator[Finding]:
    """What a proxy must do for us cannot be seen from here, so it is asked for."""
    proxies, header = (
        settings.HOUSEMAIL_TRUSTED_PROXIES,
        settings.HOUSEMAIL_ADDRESS_HEADER,
    )
    if not proxies:
        return
    believed = f"{header} is believed from {', '.join(proxies)}"
    if header == FORWARDED_FOR:
        says = (
            f"{believed}: see that the proxy drops X_Forwarded_For, or set "
            "HOUSEMAIL_ADDRESS_HEADER (docs/operating.md)"
        )
        yield Finding(Grade.WARN, "proxies", says)
    else:
        yield Finding(Grade.OK, "proxies", believed)


def _reserved() -> Finding:
    try:
        names = reserved.builtin_and_configured(settings.HOUSEMAIL_RESERVED_FILE)
    except Refusal as refusal:
        return Finding(Grade.FAIL, "reserved names", refusal.detail)
    return Finding(Grade.OK, "reserved names", f"{len(names)} names are kept back")


def _database() -> Finding:
    why = database.why_not()
    if why:
        says = f"does not answer: {why}. Check HOUSEMAIL_DATABASE_URL."
        return Finding(Grade.FAIL, "database", says)
    waiting = database.pending()
    if waiting:
        says = f"{len(waiting)} migrations are missing: housemail migrate"
        says = f"{says}.{demo_data.hint()}"
        return Finding(Grade.FAIL, "database", says)
    kind = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return Finding(Grade.OK, "database", f"{kind}, up to date")


def _engine() -> Iterator[Finding]:
    beat = engine.heartbeat()
    if beat is None:
        says = "has not run yet: start `housemail serve`"
        yield Finding(Grade.WARN, "engine", says)
        return
    age = timezone.now() - beat
    late = max(timedelta(minutes=1), 3 * timedelta(seconds=_sweep_seconds()))
    if age > late:
        says = f"last ran {beat:%F %T} UTC: is `housemail serve` running?"
        yield Finding(Grade.WARN, "engine", says)
    else:
        yield Finding(Grade.OK, "engine", f"ran {int(age.total_seconds())} s ago")


def _sweep_seconds() -> int:
    return int(settings.HOUSEMAIL_SWEEP_SECONDS)


def _keys() -> Iterator[Finding]:
    now = timezone.now()
    valid = ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None
    )
    count = valid.count()
    if not count:
        says = "none is valid: housemail keys create NAME"
        yield Finding(Grade.WARN, "keys", says)
        return
    soon = valid.filter(expires_at__lt=now + timedelta(days=14)).first()
    if soon is not None:
        says = f"hm_{soon.prefix}_… ends {soon.expires_at:%F}: make its successor"
        yield Finding(Grade.WARN, "keys", says)
        return
    yield Finding(Grade.OK, "keys", f"{count} valid")


def _credentials() -> Iterator[Finding]:
    ids = list(Server.objects.values_list("pk", flat=True))
    locked = []
    for pk in ids:
        try:
            Server.objects.get(pk=pk)
        except ImproperlyConfigured:
            locked.append(str(pk))
    if locked:
        says = (
            f"servers {', '.join(locked)} cannot be decrypted: put the key they were "
            "written with back into HOUSEMAIL_ENCRYPTION_KEYS"
        )
        yield Finding(Grade.FAIL, "credentials", says)
    else:
        yield Finding(Grade.OK, "credentials", f"{len(ids)} can be decrypted")


def _open_operations() -> Iterator[Finding]:
    long_ago = timezone.now() - LONG_OPEN
    rows = Operation.objects.filter(
        Q(state=Operation.State.OPEN, created_at__lt=long_ago) | Q(needs_staff=True)
    ).select_related("mailbox__house_domain")
    for row in rows.order_by("pk")[:LISTED]:
        why = "needs staff" if row.needs_staff else f"open since {row.created_at:%F %T}"
        says = (
            f"{row.pk}: {row.verb} of service {row.mailbox.ref}, "
            f"{row.mailbox.address}: {why}"
        )
        yield Finding(Grade.WARN, "operation", says)
    more = rows.count() - LISTED
    if more > 0:
        yield Finding(Grade.WARN, "operation", f"and {more} more")
    if not rows:
        yield Finding(Grade.OK, "operations", "none is open for long or needs staff")


def _mailboxes_for_staff() -> Iterator[Finding]:
    told = Operation.objects.filter(needs_staff=True).values("mailbox_id")
    rows = Mailbox.objects.filter(needs_staff=True).exclude(pk__in=told)
    for row in rows.select_related("house_domain").order_by("pk")[:LISTED]:
        says = (
            f"{row.address} of service {row.ref} needs staff: look on the platform, "
            "then adopt it or `housemail release` it"
        )
        yield Finding(Grade.WARN, "mailbox", says)


def _domains() -> Iterator[Finding]:
    """A house domain that no server of ours lists is sold, but cannot be reached."""
    listed = {
        (account, name)
        for account, names in Server.objects.values_list("account", "domains")
        for name in names
    }
    domains = HouseDomain.objects.order_by("name").values_list("account", "name")
    missing = [name for account, name in domains if (account, name) not in listed]
    if missing:
        says = f"{', '.join(missing[:LISTED])}: not listed by its platform account"
        yield Finding(Grade.WARN, "house domains", says)
    else:
        yield Finding(Grade.OK, "house domains", f"{len(domains)} in use")


def _servers() -> Iterator[Finding]:
    try:
        rows = list(Server.objects.select_related("installation").order_by("pk"))
    except ImproperlyConfigured:
        return  # said by the credentials check
    for row in rows:
        details = ServerDetails(row.platform, row.endpoint, row.username, row.password)
        try:
            connection.test(row.installation, details, Deadline.after(SERVER_SECONDS))
        except Refusal as refusal:
            yield Finding(Grade.FAIL, f"server {row.pk}", f"{row}: {refusal.detail}")
        else:
            yield Finding(Grade.OK, f"server {row.pk}", str(row))
