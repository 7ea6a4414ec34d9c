"""A visitor's name: checked without telling, kept for fifteen minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.mailboxes.errors import Refusal, Throttled
from housemail.sales import contexts, holds, order_book
from housemail.sales.holds import Visitor
from housemail.sales.models import Order
from tests.sales.conftest import STAFF, Store, claim, person

pytestmark = pytest.mark.django_db


def hold(store: Store, handle: str, session: str = "s1"):
    return holds.hold(
        Visitor(session, f"mark-{session}"),
        store.product,
        store.deadline(),
        handle=handle,
        domain="thexyz.com",
    )


def test_a_name_is_held_for_fifteen_minutes(store: Store, clock) -> None:
    kept = hold(store, "Anna")
    assert kept.address == "anna@thexyz.com"
    left = kept.until - timezone.now()
    assert timedelta(minutes=14, seconds=50) < left <= timedelta(minutes=15)
    assert holds.held("s1") == kept
    with pytest.raises(Refusal) as refused:
        hold(store, "anna", session="s2")
    assert refused.value.code == "not_available"
    clock.advance(14 * 60)
    assert holds.held("s1") is not None
    clock.advance(61)
    assert holds.held("s1") is None
    assert hold(store, "anna", session="s2").address == "anna@thexyz.com"


def test_a_repeat_renews_and_another_name_lets_the_first_go(
    store: Store, clock
) -> None:
    first = hold(store, "anna")
    clock.advance(600)
    assert hold(store, "anna").until > first.until
    hold(store, "berta")
    assert claim("anna") is None
    assert holds.held("s1") is not None
    holds.let_go("s1")
    assert holds.held("s1") is None
    assert claim("berta") is None


def test_the_order_takes_the_hold_over_for_72_hours(store: Store) -> None:
    holds.hold(
        store.visitor(session="s1"),
        store.product,
        store.deadline(),
        handle="anna",
        domain="thexyz.com",
    )
    order = store.order(session="s1")
    kept = claim("anna")
    assert kept is not None
    assert kept.expires_at is not None
    assert (kept.ref, kept.owner_id) == (str(order.service.pk), str(store.customer.pk))
    left = kept.expires_at - timezone.now()
    assert timedelta(hours=71, minutes=59) < left <= timedelta(hours=72)
    assert holds.held("s1") is None


def test_an_expired_hold_is_taken_anew_when_nobody_was_faster(
    store: Store, clock
) -> None:
    hold(store, "anna")
    clock.advance(20 * 60)
    assert store.order(session="s1").state == "placed"


def test_an_expired_hold_that_another_took_is_said(store: Store, clock) -> None:
    hold(store, "anna")
    clock.advance(20 * 60)
    hold(store, "anna", session="s2")
    with pytest.raises(Refusal) as refused:
        store.order(session="s1")
    assert refused.value.code == "not_available"
    assert not Order.objects.exists()


def test_taken_reserved_and_quarantined_are_one_answer(store: Store) -> None:
    from housemail.sales import services

    stranger = person()
    store.sells("order")
    sold = store.order("gone", customer=stranger)
    services.terminate(store.service(sold), STAFF, store.deadline())
    store.order("taken", customer=stranger)
    hold(store, "held", session="s2")
    visitor = Visitor("s1", "mark")
    answers = [
        holds.check(visitor, store.product, handle=name, domain="thexyz.com")
        for name in ("gone", "taken", "held", "postmaster")
    ]
    assert {(row.available, row.code) for row in answers} == {(False, "not_available")}
    sentences = {row.refusal.detail for row in answers if row.refusal}
    assert sentences == {"This address is not available. Choose another name."}
    assert all(len(row.suggestions) == 3 for row in answers)
    free = holds.check(visitor, store.product, handle="free", domain="thexyz.com")
    assert (free.available, free.code) == (True, "available")


def test_a_former_owner_may_have_his_address_again(store: Store) -> None:
    from housemail.sales import services

    store.sells("order")
    sold = store.order("mine")
    services.terminate(store.service(sold), STAFF, store.deadline())
    again = store.order("mine")
    assert again.state == "done"


def test_checks_and_holds_are_throttled_per_visitor(store: Store, settings) -> None:
    settings.HOUSEMAIL_AVAILABILITY_PER_MINUTE = 3
    visitor = Visitor("s1", "one")
    for _ in range(3):
        holds.check(visitor, store.product, handle="x1", domain="thexyz.com")
    with pytest.raises(Throttled):
        # Another session of the same visitor is the same visitor.
        holds.check(
            Visitor("s2", "one"), store.product, handle="x1", domain="thexyz.com"
        )
    for number in range(holds.HOLDS_PER_HOUR):
        holds.hold(
            Visitor(f"n{number}", "two"),
            store.product,
            store.deadline(),
            handle=f"n{number}",
            domain="thexyz.com",
        )
    with pytest.raises(Throttled):
        holds.hold(
            Visitor("more", "two"),
            store.product,
            store.deadline(),
            handle="more",
            domain="thexyz.com",
        )


def test_a_session_key_is_not_stored(store: Store) -> None:
    hold(store, "anna", session="a-very-secret-session-key")
    kept = claim("anna")
    assert kept is not None
    assert "secret" not in kept.ref
    assert len(kept.ref) <= 64
    assert not contexts.session_ref("x").isdigit()


def test_the_same_form_with_another_name_says_what_it_became(store: Store) -> None:
    order = store.order("anna", key="form")
    assert store.order("Anna", key="form") == order
    with pytest.raises(Refusal) as refused:
        store.order("berta", key="form")
    assert refused.value.code == "form_used_before"
    assert order.number in refused.value.detail
    assert Order.objects.count() == 1


def test_the_same_form_is_the_same_only_with_its_domain_and_options(
    store: Store,
) -> None:
    options = {"Account Type": "Enhanced", "Mailbox Quota (GB)": ""}
    order = store.order("anna", key="form", options=options)
    again = store.order(
        " \uff21\uff2e\uff2e\uff21@TheXYZ.com", key="form", domain="", options=options
    )
    assert (again, again.placed_before, order.placed_before) == (order, True, False)
    for domain, changed in (("thexyz.ca", options), ("thexyz.com", {})):
        with pytest.raises(Refusal) as refused:
            store.order("anna", key="form", domain=domain, options=changed)
        assert refused.value.code == "form_used_before"
    assert Order.objects.count() == 1


def test_one_name_is_one_hold_however_it_is_typed(store: Store) -> None:
    hold(store, "anna")
    for typed in ("\uff21\uff2e\uff2e\uff21", "Anna@TheXYZ.com", " anna "):
        kept = holds.held("s1")
        assert kept is not None
        assert holds.is_of(kept, typed)
        assert holds.is_of(kept, typed, "THEXYZ.com")
        assert not holds.is_of(kept, typed, "thexyz.ca")
    order = store.order("anna", session="s1")
    for typed, domain in (
        ("\uff21\uff2e\uff2e\uff21", "thexyz.com"),
        ("ANNA@thexyz.com", ""),
    ):
        assert order_book.standing_for(store.customer, typed, domain) == order


def test_renewals_end_an_hour_after_the_first_hold(store: Store, clock) -> None:
    first = kept = hold(store, "anna")
    for _ in range(5):
        clock.advance(10 * 60)
        kept = hold(store, "anna")
    assert kept.is_last
    assert not first.is_last
    hour = kept.until - first.since
    assert timedelta(minutes=59, seconds=59) < hour <= timedelta(minutes=60, seconds=1)
    assert hold(store, "Anna@thexyz.com").until == kept.until
    # It may be ordered to the end; and whoever is first has it then.
    clock.advance(10 * 60 + 1)
    assert holds.held("s1") is None
    again = hold(store, "anna")
    assert not again.is_last
    assert store.order("anna", session="s1").state == "placed"


def test_another_name_begins_anew(store: Store, clock) -> None:
    hold(store, "anna")
    clock.advance(10 * 60)
    hold(store, "berta")
    clock.advance(60)
    assert hold(store, "anna").since > timezone.now() - timedelta(seconds=10)


def test_renewals_are_counted_apart(store: Store) -> None:
    for _ in range(holds.HOLDS_PER_HOUR + 1):
        hold(store, "anna")
    with pytest.raises(Throttled):
        hold(store, "anna")
    assert hold(store, "berta").address == "berta@thexyz.com"
