"""One command over many orders or services: resumable, each line with its result.

``start`` writes the run and its lines; ``work`` does line after line until its time is
over, and may be called by the engine, by a page and twice at once: each line is taken
by a conditional update. The verbs behind it may be repeated, so that a line whose
process died is simply done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from housemail.mailboxes import recorded
from housemail.mailboxes.context import Actor, ActorKind, Answer
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.sentences import SENTENCES
from housemail.mailboxes.wording import say
from housemail.people import acts, roles
from housemail.people.models import User
from housemail.people.roles import Action
from housemail.platforms.base import Deadline
from housemail.sales import desk, order_book, orders, problems
from housemail.sales.models import BulkLine, BulkRun, Order
from housemail.sales.states import ENDED
from housemail.sales.states import State as OrderState

logger = logging.getLogger(__name__)
MOST = 500
LINE_SECONDS = 20.0
_LEASE = timedelta(seconds=LINE_SECONDS + 10)
_KEPT = timedelta(days=30)
State = BulkLine.State

Params = Mapping[str, Any]
Rows = Callable[[], QuerySet[Any]]
Do = Callable[[Any, Actor, Deadline, Params], object]
Hint = Callable[[int], None]
# The engine listens here, so that a run need not wait for its next sweep.
hints: list[Hint] = []


@dataclass(frozen=True, slots=True)
class Kind:
    """What a command is about, what it does to one of them, and who may do it."""

    rows: Rows
    do: Do
    action: Action


def _reason(params: Params) -> str:
    return str(params.get("reason", ""))[:300]


KINDS: Mapping[str, Kind] = {
    "accept": Kind(
        order_book.all_orders,
        lambda o, a, _d, _p: orders.accept(o, a),
        Action.RUN_ORDERS,
    ),
    "mark_paid": Kind(
        order_book.all_orders,
        lambda o, a, _d, _p: orders.mark_paid(o, a),
        Action.RUN_ORDERS,
    ),
    # At the desk: mailboxes of every installation.
    "mailbox_suspend": Kind(
        recorded.all_mailboxes,
        lambda m, a, d, p: desk.suspend(desk.of_mailbox(m), a, d, reason=_reason(p)),
        Action.RUN_SERVICES,
    ),
    "mailbox_unsuspend": Kind(
        recorded.all_mailboxes,
        lambda m, a, d, p: desk.unsuspend(desk.of_mailbox(m), a, d, reason=_reason(p)),
        Action.UNSUSPEND,
    ),
    "mailbox_check": Kind(
        recorded.all_mailboxes,
        lambda m, a, d, _p: desk.found_by(desk.check(desk.of_mailbox(m), a, d)),
        Action.CHECK_SERVICE,
    ),
}


def start(
    person: User,
    command: str,
    ids: Collection[int],
    *,
    key: str,
    title: str,
    params: Params | None = None,
) -> BulkRun:
    """Write a run over these rows; the same form again returns the run it began.

    Errors: BulkRun.DoesNotExist, when it is the form of somebody else.
    """
    chosen = KINDS[command].rows().filter(pk__in=list(ids)[:MOST]).order_by("pk")
    try:
        with transaction.atomic():
            run = BulkRun.objects.create(
                command=command,
                title=title[:120],
                person=person,
                key=key,
                params=dict(params or {}),
                language=translation.get_language() or "en",
                created_at=timezone.now(),
            )
            BulkLine.objects.bulk_create(
                BulkLine(run=run, subject_id=row.pk, label=_label(row))
                for row in chosen
            )
    except IntegrityError:
        return BulkRun.objects.get(key=key, person=person)
    for hint in tuple(hints):
        hint(run.pk)
    return run


def _label(row: models.Model) -> str:
    address = str(getattr(row, "address", ""))
    return " · ".join(dict.fromkeys(part for part in (str(row), address) if part))[:254]


def due() -> list[int]:
    """Return the runs that are not finished."""
    rows = BulkRun.objects.filter(finished_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:50])


def counted(run: BulkRun) -> dict[str, int]:
    """Return how many lines are in which state; one query."""
    rows = run.lines.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def work(run_id: int, deadline: Deadline) -> bool:
    """Do lines until the time is over; say whether the run is finished."""
    run = BulkRun.objects.select_related("person").get(pk=run_id)
    if run.finished_at is not None:
        return True
    while deadline.remaining() > 0:
        line = _take(run)
        if line is None:
            break
        with translation.override(run.language):
            _do(run, line)
    return _finish(run)


def _take(run: BulkRun) -> BulkLine | None:
    now = timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=now)
    while True:
        line = run.lines.filter(free).first()
        if line is None:
            return None
        mine = run.lines.filter(free, pk=line.pk).update(
            state=State.RUNNING, lease_until=now + _LEASE
        )
        if mine:
            return line


def _finish(run: BulkRun) -> bool:
    if run.lines.filter(state__in=[State.WAITING, State.RUNNING]).exists():
        return False
    BulkRun.objects.filter(pk=run.pk, finished_at=None).update(
        finished_at=timezone.now()
    )
    return True


def _do(run: BulkRun, line: BulkLine) -> None:
    """Do one line; whatever happens to it, the next one has its turn."""
    kind = KINDS[run.command]
    subject = kind.rows().filter(pk=line.subject_id).first()
    if subject is None:
        _ended(line, State.REFUSED, _("It no longer exists."))
        return
    entry = acts.note(run.person, subject, _("%(deed)s: begun") % {"deed": run.title})
    state, sentence = _result(run, kind, subject)
    entry.change_message = acts.told(run.title, sentence, _reason(run.params))
    entry.save(update_fields=["change_message"])
    _ended(line, state, sentence)


def _result(run: BulkRun, kind: Kind, subject: models.Model) -> tuple[State, str]:
    # Asked anew for each line: a run outlives the role of who started it.
    person = User.objects.get(pk=run.person_id)
    if not roles.may(person, kind.action):
        words = _("Nothing was done: %(person)s may no longer do this.")
        return State.REFUSED, words % {"person": person}
    actor = Actor(ActorKind.STAFF, str(person.pk))
    try:
        answer = kind.do(subject, actor, Deadline.after(LINE_SECONDS), run.params)
    except Refusal as refusal:
        return State.REFUSED, say(refusal.sentence, refusal.params)
    except Exception:
        # One line's fault must not stop the others.
        logger.exception("bulk run %s: %s failed", run.pk, run.command)
        return State.REFUSED, _("It failed unexpectedly; see the service's log.")
    if isinstance(answer, Answer) and answer.status == 202:
        return State.UNKNOWN, say(SENTENCES.get(answer.code, ""), answer.params)
    if isinstance(answer, desk.Finding):
        state = State.DONE if answer.agrees else State.UNKNOWN
        return state, answer.sentence
    if isinstance(answer, Order):
        return _order_stands(answer)
    return State.DONE, _("Done.")


def _order_stands(order: Order) -> tuple[State, str]:
    """Say how an order stands after its line: not each deed leads on."""
    if order.state == OrderState.PROBLEM:
        why = problems.explain(order, for_staff=True).sentence
        return State.REFUSED, _("Noted, but not set up: %(why)s") % {"why": why}
    if order.state in ENDED:
        state = order.get_state_display()
        return State.REFUSED, problems.sentence("order_state", {"state": str(state)})
    return State.DONE, _("Done.")


def _ended(line: BulkLine, state: State, sentence: str) -> None:
    BulkLine.objects.filter(pk=line.pk).update(
        state=state, sentence=sentence[:400], lease_until=None
    )


def prune() -> int:
    """Forget runs that ended long ago; the history of each thing stays."""
    old = BulkRun.objects.filter(finished_at__lt=timezone.now() - _KEPT)
    return old.delete()[0]
