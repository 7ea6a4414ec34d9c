"""My mailboxes and the overview: what is shown in which state, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from housemail.mailboxes import servers
from housemail.mailboxes.models import Mailbox
from housemail.sales import links, services
from housemail.sales.models import Order, Service
from tests.customer.conftest import Owner, sold
from tests.sales.conftest import STAFF, Store, person

pytestmark = pytest.mark.django_db
DOWN = {"name": "maintenance", "action": "*"}


def calls(owner: Owner) -> int:
    return len(owner.store.emulator.journal)


def test_an_owner_finds_the_mailbox_with_state_usage_and_webmail(owner):
    assert "Storage: not known yet" in owner.words(owner.client.get("/mailboxes/"))
    Mailbox.objects.update(used_bytes=1_500_000_000)
    before = calls(owner)
    text = owner.words(owner.client.get("/mailboxes/"))
    assert f'href="{owner.home}">anna<wbr>@thexyz.com</a>' in text
    assert "Premium Email Account" in text
    assert "Active" in text
    assert "1.5 of 25 GB" in text
    assert f'action="{owner.home}webmail/" target="_blank"' in text
    assert calls(owner) == before


def test_without_a_mailbox_there_is_one_next_step(client, store):
    client.force_login(store.customer)
    text = Owner.words(client.get("/mailboxes/"))
    assert "You have no mailbox yet" in text
    assert '<a class="btn btn-primary" href="/">Choose your address</a>' in text


def test_only_ones_own_are_listed(owner):
    theirs = sold(owner.store, "berta", person())
    text = owner.words(owner.client.get("/mailboxes/"))
    assert theirs.address not in text


def test_the_overview_says_all_that_an_owner_needs(owner):
    owner.add_alias("orders-in")
    owner.add_list("team", "a@example.org")
    text = owner.get()
    assert "<h1>anna<wbr>@thexyz.com</h1>" in text
    assert 'data-copy="anna@thexyz.com"' in text
    assert "Premium Email Account · Basic" in text
    assert "1 of 25" in text
    assert "1 of 5" in text
    assert "0 of 25 GB" in text
    assert "As of " in text
    assert "Last sign-in" in text
    for value in ("imap.emailarray.com", "993", "smtp.emailarray.com", "465"):
        assert f'data-copy="{value}"' in text
    assert "SSL/TLS" in text
    assert text.count("btn-primary") == 1


def test_until_a_password_is_set_the_page_says_so(owner):
    assert "No password is set yet" in owner.get()
    Service.objects.update(passwords_set=1)
    assert "No password is set yet" not in owner.get()


def test_the_platform_is_asked_once_and_not_again_within_a_minute(owner):
    Mailbox.objects.update(seen_at=None)
    before = calls(owner)
    owner.get()
    assert calls(owner) - before == 1
    for page in ("", "password/", "aliases/", "lists/"):
        owner.get(page)
    assert calls(owner) - before == 1


def test_an_announced_end_is_told(owner):
    services.announce_end(owner.service, timezone.now() + timedelta(days=3))
    assert "This mailbox ends on" in owner.get()


@pytest.mark.parametrize(
    ("setup", "state", "word", "sentence"),
    [
        ("payment", "placed", "Waiting for payment", "as soon as your payment"),
        ("accept", "placed", "Waiting for us", "We look at your order first"),
        ("payment", "setting_up", "Being set up", "This mailbox is being set up."),
    ],
)
def test_a_mailbox_that_is_not_there_yet_says_what_is_missing_on_every_tab(
    client, store, setup, state, word, sentence
):
    store.sells(setup)
    order = store.order("berta")
    Order.objects.update(state=state)
    client.force_login(store.customer)
    owner = Owner(store, client, store.service(order))
    for page in ("", "password/", "aliases/", "lists/"):
        text = owner.get(page)
        assert word in text
        assert sentence in text
        assert f'href="{links.ORDER.format(number=order.number)}"' in text
    listed = owner.words(client.get("/mailboxes/"))
    assert "berta<wbr>@thexyz.com" in listed
    assert word in listed
    assert "Open webmail" not in listed


def test_one_that_could_not_be_set_up_says_why(client, store):
    store.sells("order")
    store.emulator.seed_mailbox("thexyz.com", "berta")
    order = store.order("berta")
    assert Order.objects.get().state == "problem"
    client.force_login(store.customer)
    owner = Owner(store, client, store.service(order))
    text = owner.get()
    assert "Needs attention" in text
    assert "This address is not available. Choose another name." in text


def test_one_that_has_ended_says_so_and_leads_to_the_shop(owner):
    services.terminate(owner.service, STAFF, owner.store.deadline())
    text = owner.get("aliases/")
    assert "Ended" in text
    assert "This mailbox has ended." in text
    assert 'href="/"' in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]


def test_a_mailbox_on_a_server_that_was_changed_shows_a_sentence_only(owner):
    Mailbox.objects.update(handle="someone-else")
    text = owner.get()
    assert "Please ask support" in text


@pytest.mark.parametrize("page", ["", "password/", "aliases/", "lists/"])
def test_suspended_all_can_be_read_and_nothing_changed(owner, page, settings):
    settings.HOUSEMAIL_CONTACT = "mailto:help@example.com"
    owner.add_alias("orders-in")
    owner.add_list("team", "a@example.org")
    owner.suspend()
    text = owner.get(page).partition("<main")[2].partition("</main>")[0]
    assert "This mailbox is suspended" in text
    assert 'href="mailto:help@example.com"' in text
    assert "<form" not in text
    shown = {"aliases/": "orders-in<wbr>@thexyz.com", "lists/": "a<wbr>@example.org"}
    assert shown.get(page, "Suspended") in text
    settings.HOUSEMAIL_CONTACT = ""
    assert "write to us" not in owner.get(page)


@pytest.mark.parametrize("page", ["", "password/", "aliases/", "lists/"])
def test_when_the_platform_is_down_the_last_known_is_shown(owner, page):
    owner.add_alias("orders-in")
    owner.add_list("team", "a@example.org")
    Mailbox.objects.update(
        used_bytes=2_000_000_000, seen_at=timezone.now() - timedelta(hours=3)
    )
    owner.store.emulator.switch_on("maintenance", action="*")
    text = owner.get(page).partition("<main")[2].partition("</main>")[0]
    assert "does not answer for this mailbox right now. You see what we knew on" in text
    if "<form" in text:
        assert "<fieldset disabled>" in text
    assert "Remove" not in text
    shown = {
        "": "2 of 25 GB",
        "aliases/": "orders-in<wbr>@thexyz.com",
        "lists/": "a<wbr>@example.org",
    }
    assert shown.get(page, "Change password") in text


def test_the_path_is_the_one_that_e_mails_carry():
    assert reverse("customer:overview", kwargs={"ref": 7}) == links.MAILBOX.format(
        ref="7"
    )


def test_webmail_opens_with_a_login_made_at_the_click(owner):
    first = owner.client.post(owner.home + "webmail/")
    second = owner.client.post(owner.home + "webmail/")
    assert first.status_code == 302
    assert first["Location"].startswith("https://cp.emailarray.com/processlogin.php?")
    assert first["Location"] != second["Location"]
    assert "no-store" in first["Cache-Control"]
    assert owner.client.get(owner.home + "webmail/")["Location"] == owner.home


def test_the_pages_policy_lets_the_button_lead_to_webmail(owner, settings):
    settings.HOUSEMAIL_PANEL_LOGIN_URL = "http://127.0.0.1:9/processlogin.php"
    for path in ("/mailboxes/", owner.home):
        policy = owner.client.get(path)["Content-Security-Policy"]
        assert (
            "form-action 'self' https://*.emailarray.com http://127.0.0.1:9" in policy
        )
    elsewhere = owner.client.get(owner.home + "aliases/")["Content-Security-Policy"]
    assert elsewhere.endswith("form-action 'self'; frame-ancestors 'none'")


def test_webmail_that_needs_a_form_goes_through_a_page_of_ours(owner, settings):
    settings.HOUSEMAIL_WEBMAIL_FORM_URL = "https://webmail.example/login"
    servers.forget_platforms()
    answer = owner.client.post(owner.home + "webmail/")
    text = owner.words(answer)
    assert (
        '<form method="post" action="https://webmail.example/login" data-send>' in text
    )
    assert 'name="username" value="anna@thexyz.com"' in text
    assert "housemail/send.js" in text
    assert "https://webmail.example" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_webmail_too_often_or_without_a_platform_is_a_sentence(owner):
    owner.store.emulator.switch_on("maintenance", action="*")
    assert "nothing was changed. Try again in a minute" in owner.post("webmail/", {})
    texts = [owner.post("webmail/", {}) for _ in range(5)]
    assert "Too many requests." in texts[-1]


def test_pages_cost_the_same_with_few_and_with_many_rows(
    owner, django_assert_num_queries
):
    costs = {"/mailboxes/": 8, owner.home: 12}
    for path, cost in costs.items():
        owner.client.get(path)
        with django_assert_num_queries(cost):
            assert owner.client.get(path).status_code == 200
    for number in range(30):
        copy_of(owner.store, owner.service, number)
    for path, cost in costs.items():
        with django_assert_num_queries(cost):
            assert owner.client.get(path).status_code == 200


def test_a_long_list_of_mailboxes_has_pages(owner):
    for number in range(30):
        copy_of(owner.store, owner.service, number)
    first = owner.words(owner.client.get("/mailboxes/"))
    assert first.count('class="hm-row"') == 25
    assert "Page 1 of 2" in first
    last = owner.words(owner.client.get("/mailboxes/?page=2"))
    assert "anna@thexyz.com" in last
    assert owner.client.get("/mailboxes/?page=x").status_code == 200


def copy_of(store: Store, service: Service, number: int) -> None:
    """One more service with its mailbox, past the verbs: many of them take long."""
    order = service.order
    order.pk, order.number, order.form_key = None, f"M{number}", f"k{number}"
    order.save()
    twin = Service.objects.create(
        order=order,
        customer=service.customer,
        product=service.product,
        server=service.server,
        state=service.state,
        address=f"m{number}@thexyz.com",
    )
    box = Mailbox.objects.get(ref=str(service.pk))
    box.pk, box.ref, box.handle = None, twin.ref, f"m{number}"
    box.save()


def test_one_that_failed_without_a_known_reason_says_whom_to_ask(owner):
    Mailbox.objects.update(state="failed")
    text = owner.get()
    assert "Needs attention" in text
    assert "This mailbox needs our attention." in text
