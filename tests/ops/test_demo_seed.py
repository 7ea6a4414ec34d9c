"""What the demo is filled with, and how a platform gets back what it forgot."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from django.contrib.auth import authenticate

from emulator import Emulator
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.models import Mailbox
from housemail.ops.demo import cast, restoring, sign_ins
from housemail.ops.demo.control import Control, ControlError
from housemail.ops.demo.seed import Seeded, seed
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import opening, setting_up
from housemail.sales.models import (
    Order,
    OrderEvent,
    OutgoingMail,
    Product,
    SaleServer,
    Service,
)
from housemail.sales.states import State
from tests.flows.conftest import _fresh_process_state, emulator, running_emulator

__all__ = ["_fresh_process_state", "emulator", "running_emulator"]
DOMAINS = ("thexyz.com", "thexyz.ca", "thexyz.cn")


def details(emulator: Emulator) -> ServerDetails:
    return ServerDetails(
        "emailarray", emulator.endpoint, emulator.username, emulator.password
    )


@pytest.fixture
def control(emulator):
    control = Control(emulator.control_url)
    yield control
    control.close()


@pytest.fixture
def seeded(db, emulator, control) -> Seeded:
    return seed(details(emulator), DOMAINS, control)


class TestTheSheetsOwnSetUp:
    def test_server_group_and_product_are_the_sheets(self, seeded):
        server = SaleServer.objects.get()
        assert server.name == "PolarisMail"
        assert [group.name for group in server.groups.all()] == ["PolarisMail Servers"]
        product = seeded.products[cast.PREMIUM]
        assert product.name == "Premium Email Account"
        assert product.group.name == "Email Services"
        assert product.server_group.name == "PolarisMail Servers"
        assert product.kind == "other"
        assert product.auto_setup == "payment"
        assert product.endpoint == ""
        settings = product.module_settings()
        assert settings["allowed_domains"] == "thexyz.com,thexyz.ca,thexyz.cn"
        assert [settings[key] for key in ("account_type", "quota_gb")] == [
            "1|Basic",
            "25",
        ]
        assert [settings[key] for key in ("max_aliases", "max_lists")] == ["25", "5"]
        assert settings["allow_external_forwards"] is False
        assert settings["timezone"] == "America/Montreal"
        assert (settings["date_format"], settings["language"]) == ("yyyy-mm-dd", "en")
        options = list(product.options.values_list("option", "value"))
        assert options == [
            ("Account Type", "Basic"),
            ("Account Type", "Enhanced"),
            ("Mailbox Quota (GB)", "10"),
            ("Mailbox Quota (GB)", "25"),
            ("Mailbox Quota (GB)", "50"),
            ("Mailbox Quota (GB)", "100"),
        ]

    def test_the_second_product_is_smaller(self, seeded):
        small, large = (
            seeded.products[slug].plan() for slug in (cast.PERSONAL, cast.PREMIUM)
        )
        assert small.quota_gb < large.quota_gb
        assert small.max_aliases < large.max_aliases
        assert Product.objects.filter(on_sale=True).count() == 2
        assert seeded.products[cast.PERSONAL].name == "Personal Email Account"
        assert seeded.products[cast.PERSONAL].auto_setup == "accept"

    def test_opening_twice_leaves_what_staff_changed(self, seeded, emulator):
        Product.objects.filter(slug=cast.PREMIUM).update(price_text="€9 / month")
        moved = ServerDetails("emailarray", emulator.second_endpoint, "admin", "new")
        again = opening.open_shop(moved, DOMAINS, cast.OFFERS)
        assert [product.price_text for product in again] == ["€9 / month", "€1 / month"]
        assert [product.options.count() for product in again] == [6, 0]
        server = SaleServer.objects.get()
        assert (server.endpoint, server.password) == (emulator.second_endpoint, "new")

    def test_the_vendors_endpoint_follows_from_the_hostname(self, db):
        vendor = ServerDetails(
            "emailarray", "https://cp.emailarray.com/admin/json.php", "u", "p"
        )
        opening.open_shop(vendor, DOMAINS, ())
        server = SaleServer.objects.get()
        assert (server.hostname, server.typed_endpoint) == ("cp.emailarray.com", "")


class TestTheStory:
    def test_there_is_an_order_in_every_state_for_a_reason(self, seeded):
        states = {order.state for order in seeded.orders.values()}
        assert states == set(State)
        assert set(Order.objects.values_list("state", flat=True)) == states
        for order in seeded.orders.values():
            kinds = [event.kind for event in order.events.all()]
            assert kinds[0] == OrderEvent.Kind.PLACED
        problem = next(
            order for order in seeded.orders.values() if order.state == State.PROBLEM
        )
        assert problem.problem_code == "address_taken"
        assert problem.paid_at is not None

    def test_services_are_active_suspended_ending_and_ended(self, seeded):
        states = set(Service.objects.values_list("state", flat=True))
        assert states == set(Service.State)
        assert Service.objects.exclude(ends_at=None).count() == 1
        assert not Service.objects.exclude(wanted_state="").exists()

    def test_the_platform_holds_what_we_say(self, seeded, emulator):
        home = emulator.state.domains["thexyz.com"]
        assert set(home.mailboxes) == {"clarke.baking", "emma.clarke", "jonas.weber"}
        assert home.mailboxes["emma.clarke"].usage_mb == 31_240
        assert home.aliases["e.clarke"] == "emma.clarke@thexyz.com"
        assert len(home.lists["clarke.choir"].members) == 5
        assert emulator.state.domains["thexyz.ca"].mailboxes["clarke.studio"].disabled

        # Usage is known without asking again.
        box = Mailbox.objects.get(handle="jonas.weber")
        assert box.used_bytes == 24_480_000_000
        assert box.last_login_at is not None

    def test_each_customer_is_written_to_in_the_own_language(self, seeded):
        languages = set(OutgoingMail.objects.values_list("language", flat=True))
        assert languages == {"en", "de", "fr", "es", "pt-br", "id"}

    def test_the_set_up_that_waits_goes_on_when_the_fault_ends(self, seeded, emulator):
        order = next(
            order for order in seeded.orders.values() if order.state == State.SETTING_UP
        )
        setting_up.attempt(order.pk, Deadline.after(5))
        order.refresh_from_db()
        assert order.state == State.SETTING_UP
        assert order.events.last().kind == OrderEvent.Kind.WAITING
        emulator.switches_off()
        Order.objects.filter(pk=order.pk).update(lease_until=None)
        setting_up.attempt(order.pk, Deadline.after(5))
        order.refresh_from_db()
        assert order.state == State.DONE

    def test_the_weather_that_was_asked_for_begins_afterwards(
        self, db, emulator, control
    ):
        emulator.reset(preset="bad_day")
        seed(details(emulator), DOMAINS, control, "bad_day")
        assert {entry.outcome for entry in emulator.journal} <= {"ok", "failed"}
        on = {entry.spec.name for entry in emulator.switches}
        assert {"latency", "rate_limit"} <= on
        emulator.reset(preset="calm")


class TestPeople:
    def test_one_member_of_staff_a_role_each_with_a_second_factor(self, seeded):
        assert {key: user.role for key, user in seeded.staff.items()} == {
            "owner": "owner",
            "manager": "manager",
            "support": "support",
        }
        for person in sign_ins.STAFF:
            row = Authenticator.objects.get(
                user__email=person.email, type=Authenticator.Type.TOTP
            )
            code, _ = sign_ins.code(person.totp_secret)
            assert TOTP(row).validate_code(code)

    def test_only_those_who_are_printed_can_sign_in(self, seeded):
        printed = {sign_ins.CUSTOMER.email} | {one.email for one in sign_ins.STAFF}
        able = {user.email for user in User.objects.all() if user.has_usable_password()}
        assert able == printed
        someone = authenticate(
            None, email=sign_ins.CUSTOMER.email, password=sign_ins.password()
        )
        assert someone == seeded.customers["emma"]

    def test_a_platform_elsewhere_gets_the_set_up_alone(self, db, emulator):
        made = seed(details(emulator), ("thexyz.ca",))
        assert list(made.customers) == ["emma"]
        assert (made.orders, Order.objects.count()) == ({}, 0)
        assert emulator.journal == []
        before = User.objects.get(email=sign_ins.OWNER.email).password
        again = seed(details(emulator), ("thexyz.ca",))
        assert again.staff == made.staff
        assert User.objects.get(email=sign_ins.OWNER.email).password == before


class TestSignIns:
    def test_they_are_of_the_directory_and_say_nothing_of_its_secret(self, settings):
        one = (sign_ins.password(), sign_ins.OWNER.totp_secret)
        assert (sign_ins.password(), sign_ins.OWNER.totp_secret) == one
        assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", one[0])
        settings.SECRET_KEY = "another"
        assert sign_ins.password() != one[0]
        assert sign_ins.OWNER.totp_secret != one[1]

    @pytest.mark.parametrize("at", [0, 59, 1_700_000_000, 2_000_000_029])
    def test_the_code_is_what_an_authenticator_shows(self, at):
        secret = sign_ins.OWNER.totp_secret
        code, seconds = sign_ins.code(secret, at)
        assert code == f"{hotp_value(secret, at // 30):06}"
        assert seconds == 30 - at % 30


class TestRestoring:
    def test_the_platform_is_as_it_was(self, seeded, emulator, control):
        before = emulator.snapshot()
        emulator.reset()
        restoring.restore(control, DOMAINS)
        assert comparable(emulator.snapshot()) == comparable(before)
        assert [entry.spec.name for entry in emulator.switches] == ["rate_limit"]

    def test_what_has_been_set_up_meanwhile_is_not_hindered(
        self, seeded, emulator, control
    ):
        emulator.switches_off()
        order = Order.objects.get(state=State.SETTING_UP)
        setting_up.attempt(order.pk, Deadline.after(5))
        emulator.reset()
        restoring.restore(control, DOMAINS)
        assert emulator.switches == []

    def test_what_the_platform_refuses_is_said(self, control):
        with pytest.raises(ControlError, match="no mailbox nobody"):
            control.put(changes=[{"domain": "thexyz.com", "username": "nobody"}])
        with pytest.raises(ControlError, match="is gone"):
            Control("http://127.0.0.1:1").calm()


def comparable(snapshot: dict[str, object]) -> object:
    """The snapshot with times to the second: our record keeps no fractions there."""
    return re.sub(r"('lastauth': \d+)\.\d+", r"\1", repr(sorted_keys(snapshot)))


def sorted_keys(value: object) -> object:
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    return value
