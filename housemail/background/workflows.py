"""One table of workflows: what runs when. A job carries ids only and returns nothing.

The sweep is the guarantee: every few seconds it picks up each open operation that
nobody holds. The hint after a lost answer only makes it earlier.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from housemail.mailboxes import claims, connection, runner, settle, usage
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import HouseDomain, Operation
from housemail.modulelog import storage
from housemail.people import acts
from housemail.platforms.base import Deadline, PlatformError
from housemail.sales import bulk, expiry, sending, services, setting_up

logger = logging.getLogger(__name__)
QUEUE = "housemail"
KEEP_WORKFLOWS_SECONDS = 24 * 3600
# Nobody waits at a page: a slow platform may take its time.
ORDER_SECONDS = 45.0
BULK_SECONDS = 120.0


def heartbeat_path() -> Path:
    """Return the file whose time says when the sweep last ran."""
    return Path(settings.HOUSEMAIL_DATA_DIR) / "engine.heartbeat"


def _with_connections(work: Callable[..., None]) -> Callable[..., None]:
    """Give a step a live database connection, and give it back."""

    @wraps(work)
    def wrapped(*args: object) -> None:
        close_old_connections()
        try:
            work(*args)
        finally:
            close_old_connections()

    return wrapped


# --- steps: each calls a verb


@DBOS.step()
@_with_connections
def settle_step(ids: list[int]) -> None:
    """Settle these operations of one house domain."""
    settle.settle_group(ids)


@DBOS.step()
@_with_connections
def usage_step(domain_id: int) -> None:
    """Refresh the usage of one house domain; a failed listing changes nothing."""
    domain = HouseDomain.objects.get(pk=domain_id)
    try:
        usage.refresh_domain(domain)
    except PlatformError as exc:
        logger.warning("usage of %s was not refreshed: %s", domain.name, exc.detail)


@DBOS.step()
@_with_connections
def housekeeping_step() -> None:
    """End orders, holds and quarantines, prune the log, ask servers waited for."""
    # Orders first: what they keep is renewed or released, never left to lapse.
    expiry.expire_due()
    expiry.renew_holds()
    claims.end_expired()
    storage.prune()
    connection.ask_waited_for()


@DBOS.step()
@_with_connections
def order_step(order_id: int) -> None:
    """Try to set one order up."""
    setting_up.attempt(order_id, Deadline.after(ORDER_SECONDS))


@DBOS.step()
@_with_connections
def end_step(service_id: int) -> None:
    """End one mailbox whose announced end has come; tried again while it cannot."""
    try:
        services.end(service_id, Deadline.after(ORDER_SECONDS))
    except Refusal as refusal:
        logger.warning("service %s could not be ended: %s", service_id, refusal.detail)


@DBOS.step()
@_with_connections
def mail_step() -> None:
    """Send the e-mails that are due."""
    sending.send_due()


@DBOS.step()
@_with_connections
def prune_step() -> None:
    """Forget e-mails, bulk runs and sent forms of long ago."""
    sending.prune()
    bulk.prune()
    acts.prune()


@DBOS.step()
@_with_connections
def bulk_step(run_id: int) -> None:
    """Do lines of a bulk run; the next sweep goes on with what is left."""
    bulk.work(run_id, Deadline.after(BULK_SECONDS))


# --- workflows


@DBOS.workflow(name="order")
def order_workflow(order_id: int) -> None:
    """Set one order up."""
    order_step(order_id)


@DBOS.workflow(name="end")
def end_workflow(service_id: int) -> None:
    """End one service."""
    end_step(service_id)


@DBOS.workflow(name="bulk")
def bulk_workflow(run_id: int) -> None:
    """Go on with a bulk run."""
    bulk_step(run_id)


@DBOS.workflow(name="mail")
def mail_workflow() -> None:
    """Send e-mails."""
    mail_step()


@DBOS.workflow(name="settle")
def settle_workflow(ids: list[int]) -> None:
    """Settle some operations."""
    settle_step(ids)


@DBOS.workflow(name="usage")
def usage_workflow(domain_id: int) -> None:
    """Refresh one domain."""
    usage_step(domain_id)


@DBOS.workflow(name="sweep")
def sweep_workflow(scheduled: object, context: object) -> None:
    """Enqueue what is due, by house domain."""
    del scheduled, context
    close_old_connections()
    heartbeat_path().touch()
    slot = int(timezone.now().timestamp())
    for domain, ids in settle.due().items():
        with SetWorkflowID(f"settle:{domain}:{slot}"):
            DBOS.enqueue_workflow(QUEUE, settle_workflow, ids)
    for domain in _domains_never_listed():
        with SetWorkflowID(f"usage:{domain}:first:{slot // 600}"):
            DBOS.enqueue_workflow(QUEUE, usage_workflow, domain)
    _sweep_sales(slot)
    close_old_connections()


def _sweep_sales(slot: int) -> None:
    """Enqueue set-ups, announced ends and e-mails; bring services in step."""
    services.follow_up()
    for order, tries in setting_up.due():
        with SetWorkflowID(f"order:{order}:{tries}:{slot}"):
            DBOS.enqueue_workflow(QUEUE, order_workflow, order)
    for service in services.due_to_end():
        with SetWorkflowID(f"end:{service}:{slot // 60}"):
            DBOS.enqueue_workflow(QUEUE, end_workflow, service)
    for run in bulk.due():
        with SetWorkflowID(f"bulk:{run}:{slot // 60}"):
            DBOS.enqueue_workflow(QUEUE, bulk_workflow, run)
    if sending.is_waiting():
        with SetWorkflowID(f"mail:{slot}"):
            DBOS.enqueue_workflow(QUEUE, mail_workflow)


def _domains_never_listed() -> list[int]:
    """A first listing early lets a lost list be told from a foreign one."""
    return list(
        HouseDomain.objects.filter(lists_listed_at=None).values_list("pk", flat=True)[
            :100
        ]
    )


@DBOS.workflow(name="housekeeping")
def housekeeping_workflow(scheduled: object, context: object) -> None:
    """Once a minute."""
    del scheduled, context
    housekeeping_step()


@DBOS.workflow(name="nightly")
def nightly_workflow(scheduled: object, context: object) -> None:
    """At night: usage per house domain, and old workflow rows."""
    del scheduled, context
    close_old_connections()
    day = f"{timezone.now():%Y%m%d}"
    for domain in HouseDomain.objects.values_list("pk", flat=True):
        with SetWorkflowID(f"usage:{domain}:{day}"):
            DBOS.enqueue_workflow(QUEUE, usage_workflow, domain)
    close_old_connections()
    prune_step()
    _forget_old()


def _forget_old() -> None:
    """The engine keeps finished workflows for ever unless they are deleted."""
    before = timezone.now() - timedelta(seconds=KEEP_WORKFLOWS_SECONDS)
    while True:
        old = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            end_time=before.isoformat(),
            limit=500,
            load_input=False,
            load_output=False,
        )
        if not old:
            return
        DBOS.delete_workflows([row.workflow_id for row in old])


def hint(operation: Operation) -> None:
    """Look at a lost answer at its next rung, without waiting for the sweep."""
    try:
        _enqueue_hint(operation)
    except Exception:  # noqa: BLE001 - the edge of the engine: the sweep will find it
        logger.warning("no hint for operation %s; the sweep finds it", operation.pk)


def _enqueue_hint(operation: Operation) -> None:
    due = operation.next_look_at
    delay = max(0.0, (due - timezone.now()).total_seconds()) if due else 0.0
    with (
        SetWorkflowID(f"{operation.pk}:{operation.attempt}"),
        SetEnqueueOptions(delay_seconds=delay + 0.5),
    ):
        DBOS.enqueue_workflow(QUEUE, settle_workflow, [operation.pk])


def order_hint(order_id: int) -> None:
    """Set an order up at once, without waiting for the sweep."""
    try:
        DBOS.enqueue_workflow(QUEUE, order_workflow, order_id)
    except Exception:  # noqa: BLE001 - the edge of the engine: the sweep will find it
        logger.warning("no hint for order %s; the sweep finds it", order_id)


def bulk_hint(run_id: int) -> None:
    """Begin a bulk run at once, without waiting for the sweep."""
    try:
        DBOS.enqueue_workflow(QUEUE, bulk_workflow, run_id)
    except Exception:  # noqa: BLE001 - the edge of the engine: the sweep will find it
        logger.warning("no hint for bulk run %s; the sweep finds it", run_id)


def install_hints() -> None:
    """Let open operations, orders that are set up and bulk runs ring."""
    if hint not in runner.hints:
        runner.hints.append(hint)
    if order_hint not in setting_up.hints:
        setting_up.hints.append(order_hint)
    if bulk_hint not in bulk.hints:
        bulk.hints.append(bulk_hint)


def remove_hints() -> None:
    """Ring no more."""
    if hint in runner.hints:
        runner.hints.remove(hint)
    if order_hint in setting_up.hints:
        setting_up.hints.remove(order_hint)
    if bulk_hint in bulk.hints:
        bulk.hints.remove(bulk_hint)
