"""The link for the first password: once, for this mailbox, for two weeks."""

from __future__ import annotations

import pytest

from housemail.mailboxes.errors import PasswordUnsuitable, Refusal
from housemail.sales import first_password, services
from housemail.sales.models import Service
from tests.sales.conftest import STAFF, Store, mailbox

PASSWORD = "Correct-horse-7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(store: Store) -> Service:
    """A mailbox that is ready."""
    store.sells("order")
    return store.service(store.order())


def redeem(store: Store, token: str, password: str = PASSWORD):
    return first_password.redeem(token, store.deadline(), password=password)


def code_of(work) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.code


def test_a_link_sets_the_password_once(store: Store, service: Service) -> None:
    token = first_password.make_link_token(service)
    assert first_password.service_of(token) == service
    assert redeem(store, token).status == 200
    assert store.mailboxes["anna"].password == PASSWORD
    assert code_of(lambda: redeem(store, token, "Another-horse-8")) == "link_used"
    assert code_of(lambda: first_password.service_of(token)) == "link_used"
    assert store.mailboxes["anna"].password == PASSWORD


def test_an_unsuitable_password_or_a_platform_that_is_down_uses_nothing_up(
    store: Store, service: Service
) -> None:
    token = first_password.make_link_token(service)
    with pytest.raises(PasswordUnsuitable):
        redeem(store, token, "short")
    store.emulator.switch_on("connection_reset", action="*", phase="before")
    assert code_of(lambda: redeem(store, token)) == "platform_unavailable"
    store.emulator.switches_off()
    assert redeem(store, token).status == 200


def test_a_password_set_otherwise_ends_the_link(store: Store, service: Service) -> None:
    token = first_password.make_link_token(service)
    services.set_password(service, store.actor(), store.deadline(), password=PASSWORD)
    assert code_of(lambda: redeem(store, token)) == "link_used"


def test_a_link_is_too_old_after_two_weeks(
    store: Store, service: Service, clock
) -> None:
    token = first_password.make_link_token(service)
    clock.advance(first_password.VALID_SECONDS + 60)
    assert code_of(lambda: redeem(store, token)) == "link_used"


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", "\0", "W10:1:x" * 500])
def test_what_is_no_token_is_refused(store: Store, token: str) -> None:
    assert code_of(lambda: first_password.service_of(token)) == "link_invalid"


def test_a_changed_token_and_a_token_for_something_else_are_refused(
    store: Store, service: Service
) -> None:
    from django.core import signing

    token = first_password.make_link_token(service)
    assert code_of(lambda: first_password.service_of(token[:-2] + "xx")) == (
        "link_invalid"
    )
    other = signing.dumps([service.pk, service.address], salt="another")
    assert code_of(lambda: first_password.service_of(other)) == "link_invalid"


def test_a_suspended_mailbox_keeps_its_link(store: Store, service: Service) -> None:
    token = first_password.make_link_token(service)
    services.suspend(service, STAFF, store.deadline())
    assert code_of(lambda: redeem(store, token)) == "suspended"
    services.unsuspend(service, STAFF, store.deadline())
    assert redeem(store, token).status == 200
    assert mailbox(service.order).state == "active"


def test_the_end_of_the_mailbox_ends_the_link(store: Store, service: Service) -> None:
    token = first_password.make_link_token(service)
    services.terminate(service, STAFF, store.deadline())
    assert code_of(lambda: first_password.service_of(token)) == "link_used"
    assert code_of(lambda: redeem(store, token)) == "link_used"
