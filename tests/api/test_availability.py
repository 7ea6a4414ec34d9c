"""What a name's availability says, to whom, and how much of it needs a domain."""

from __future__ import annotations

import pytest

from housemail.mailboxes import wording
from housemail.mailboxes.models import HouseDomain, ReservedRelease
from housemail.mailboxes.sentences import SENTENCES

NOT_AVAILABLE = SENTENCES["not_available"]
CLIENT = {"kind": "client"}


def asked(api, **more):
    answer = api.post("availability", api.context(**more))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_detail_is_empty_when_the_address_is_free(api):
    found = asked(api, handle="anna", domain="thexyz.com", actor=CLIENT)
    assert (found["available"], found["code"], found["detail"]) == (
        True,
        "available",
        "",
    )


def test_detail_tells_staff_why_and_clients_only_that(live):
    assert live.create(domain="thexyz.com").status_code == 200
    for name, why in [("anna", "already exists"), ("sales", "is a reserved name")]:
        told = asked(live, handle=name, domain="thexyz.com")
        assert why in told["detail"]
        told = asked(live, handle=name, domain="thexyz.com", actor=CLIENT)
        assert (told["code"], told["detail"]) == ("not_available", NOT_AVAILABLE)


@pytest.mark.parametrize("domain", ["thexyz.com", ""])
@pytest.mark.parametrize(
    ("handle", "code"),
    [("a..b", "handle_malformed"), ("", "handle_empty"), ("a" * 65, "handle_too_long")],
)
def test_a_client_reads_how_to_mend_a_malformed_name(api, handle, code, domain):
    found = asked(api, handle=handle, domain=domain, actor=CLIENT)
    assert (found["available"], found["address"], found["code"]) == (
        False,
        "",
        "malformed",
    )
    assert found["detail"] == SENTENCES[code]
    assert asked(api, handle=handle, domain=domain)["code"] == code


def test_a_sentence_is_translated_before_its_parameters_are_filled_in(api, monkeypatch):
    monkeypatch.setattr(wording, "gettext", lambda sentence: f"Sinngemäß: {sentence}")
    found = asked(api, handle="anna", domain="else.example")
    assert found["detail"].startswith("Sinngemäß: Domain not allowed: else.example")


def test_before_a_domain_is_chosen_only_the_name_is_checked(live):
    assert live.create(domain="thexyz.com").status_code == 200
    found = asked(live, handle="Anna", actor=CLIENT)
    assert found == {
        "available": True,
        "address": "",
        "code": "available",
        "detail": "",
        "suggestions": [],
    }


def test_a_reserved_name_is_not_available_on_any_domain(api):
    assert asked(api, handle="sales")["code"] == "handle_reserved"
    found = asked(api, handle="sales", actor=CLIENT)
    assert (found["available"], found["code"], found["detail"]) == (
        False,
        "not_available",
        NOT_AVAILABLE,
    )


@pytest.mark.parametrize(
    ("domain", "free"), [("thexyz.ca", True), ("thexyz.cn", False)]
)
def test_a_name_released_on_an_allowed_domain_may_be_chosen(api, domain, free):
    row = HouseDomain.objects.create(name=domain, account="a")
    ReservedRelease.objects.create(house_domain=row, handle="sales", reason="theirs")
    assert asked(api, handle="sales")["available"] is free


def test_with_one_allowed_domain_that_one_is_meant(api):
    found = asked(api, handle="anna", plan={"allowed_domains": "thexyz.ca"})
    assert found["address"] == "anna@thexyz.ca"


def test_without_an_allowed_domain_nothing_can_be_had(api):
    found = asked(api, handle="anna", plan={"allowed_domains": ""})
    assert (found["available"], found["code"]) == (False, "domain_missing")


@pytest.mark.parametrize("domain", ["", "thexyz.com"])
def test_a_typed_address_picks_its_domain(api, domain):
    """Also where the service has a domain already, as create takes it."""
    found = asked(api, handle="Anna@TheXYZ.ca", service={"domain": domain})
    assert (found["address"], found["available"]) == ("anna@thexyz.ca", True)


def test_a_typed_address_of_another_domain_than_the_field_is_refused(api):
    found = asked(api, handle="anna@thexyz.ca", domain="thexyz.com")
    assert found["code"] == "domain_conflict"


def test_the_domain_of_the_service_counts_before_the_choice(api):
    found = asked(api, handle="anna", service={"domain": "thexyz.ca"})
    assert found["address"] == "anna@thexyz.ca"


@pytest.mark.parametrize("typed", ["https://TheXYZ.com/", "HTTP://thexyz.com/path"])
def test_a_domain_typed_as_a_web_address_is_its_host(live, typed):
    plan = {"allowed_domains": f"{typed}, thexyz.ca"}
    for where in ({"domain": typed}, {"service": {"domain": typed}}):
        found = asked(live, handle="anna", plan=plan, **where)
        assert (found["address"], found["available"]) == ("anna@thexyz.com", True)
    made = live.create(domain=typed, plan=plan).json()
    assert made["service"] == {"username": "anna@thexyz.com", "domain": "thexyz.com"}
    assert live.create(service={"domain": typed}, plan=plan).json() == {
        key: value for key, value in made.items() if key != "calls"
    }


def test_www_is_part_of_a_domain(api):
    found = asked(api, handle="anna", domain="https://www.thexyz.com/")
    assert (found["available"], found["code"]) == (False, "domain_not_allowed")
