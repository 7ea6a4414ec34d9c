"""Reading mailboxes: one, a page, a search, a count (API reference 5.1, 6.14)."""

from __future__ import annotations

import random
from collections.abc import Iterable

from emulator.actions.mailboxes import mint_pair
from emulator.call import Action, Answer, Call, Refused
from emulator.rows import RowFormat
from emulator.state import BASIC, ENHANCED, Domain, Mailbox

_STRANGER = "0000-mutation"


def get_user_info(call: Call) -> Answer:
    """One mailbox; the real shape is not known, so userinfo_shape offers several."""
    domain, box = call.mailbox()
    shape = call.consult.word("userinfo_shape", "shape", "object")
    if shape == "fail":
        raise Refused("The request could not be completed")
    info = RowFormat.of(call.consult).info(domain, box)
    if shape == "minimal":
        info = {key: info[key] for key in ("username", "domain", "email")}
    return Answer([info] if shape == "list" else info)


def get_all_users(call: Call) -> Answer:
    """A page of the domain, or all of it."""
    domain = call.domain()
    names = _ordered(call, domain, _mutated(call, domain))
    boxes = _page(call, [domain.mailboxes[name] for name in names])
    rows_as = RowFormat.of(call.consult)
    quota = call.text("showQuota") == "1"
    rows = [rows_as.row(domain, box, quota=quota) for box in boxes]
    if call.text("getOTPAndToken") == "1":
        for row, box in zip(rows, boxes, strict=True):
            row |= mint_pair(call, domain, box)
    return _with_total(call, rows, len(names))


def search_users(call: Call) -> Answer:
    """Mailboxes whose address or display name contains the term."""
    domain = call.domain()
    term = call.text("search").strip().lower()
    suffix = f"@{domain.name}"
    # Found first, then put in order: the order of a large domain is work.
    hits = [
        name
        for name, box in _mutated(call, domain).items()
        if term in name + suffix or term in box.uname.lower()
    ]
    found = [domain.mailboxes[name] for name in _ordered(call, domain, hits)]
    rows_as = RowFormat.of(call.consult)
    # No showQuota parameter is known here, so quota and usage stay out.
    rows = [rows_as.row(domain, box, quota=False) for box in _page(call, found)]
    return _with_total(call, rows, len(found))


def get_total(call: Call) -> Answer:
    """How many mailboxes of one type, or of all."""
    boxes = call.domain().mailboxes.values()
    wanted = {"B": BASIC, "1": BASIC, "E": ENHANCED, "2": ENHANCED}.get(
        call.text("atype").strip().upper()
    )
    return Answer(sum(wanted in (None, box.account_type) for box in boxes))


def _mutated(call: Call, domain: Domain) -> dict[str, Mailbox]:
    """mutate_between_pages: a stranger appears at the front, or leaves again."""
    moving = _whole(call, "offset") > 0 and call.text("slicing") == "1"
    if moving and call.consult.on("mutate_between_pages"):
        current = call.state.domains[domain.name]
        if current.mailboxes.pop(_STRANGER, None) is None:
            current.mailboxes[_STRANGER] = Mailbox(_STRANGER, uname="Comes and goes")
    return domain.mailboxes


def _ordered(call: Call, domain: Domain, names: Iterable[str]) -> list[str]:
    ordered = sorted(name for name in names if name in domain.mailboxes)
    unstable = call.consult.on("unstable_order")
    if unstable:
        shuffler = random.Random(unstable.fired)  # noqa: S311 - repeatable disorder
        shuffler.shuffle(ordered)
    return ordered


def _page(call: Call, boxes: list[Mailbox]) -> list[Mailbox]:
    cap = call.consult.on("page_cap")
    if call.text("slicing") != "1":
        return boxes[: int(cap.number("cap"))] if cap else boxes
    limit = _whole(call, "limit")
    offset = _whole(call, "offset")
    if cap:
        limit = min(limit, int(cap.number("cap")))
    if call.consult.on("offset_ignored"):
        offset = 0
    elif call.consult.on("offset_is_page"):
        offset *= limit
    return boxes[offset : offset + limit]


def _with_total(call: Call, rows: list[dict[str, object]], total: int) -> Answer:
    answer = Answer(rows)
    if call.text("slicing") == "1" and not call.consult.on("meta_missing"):
        wrong = call.consult.on("meta_wrong")
        answer.extra["meta"] = {"all": total + int(wrong.number("by") if wrong else 0)}
    return answer


def _whole(call: Call, key: str) -> int:
    """A count; nonsense counts as 0, the way a loosely typed script reads it."""
    try:
        return max(int(call.text(key) or "0"), 0)
    except ValueError:
        return 0


ACTIONS = (
    Action("getUserInfo", "read", "users", get_user_info),
    Action("getAllUsersDomain", "read", "users", get_all_users, listing=True),
    Action("searchUsers", "read", "users", search_users, listing=True),
    Action("getTotalUsersDomain", "read", "users", get_total),
)
