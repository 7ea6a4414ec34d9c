"""One-time logins: the link, the form, and the hosts that may not be in it."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from housemail.platforms.base import Address, PlatformUnavailable
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.webmail import form_login, panel_login
from tests.platforms.hostile import ANNA

PANEL = "https://cp.emailarray.com/processlogin.php"
FORM = EmailArrayConfig(webmail_method="form")


def test_the_panel_link_is_base64_and_percent_encoded() -> None:
    address = Address("a.b_c-d", "house.test")
    login = panel_login(PANEL, address, "0tp>>>???")
    query = parse_qs(urlsplit(login.url).query)
    assert b64decode(query["u"][0]) == b"a.b_c-d@house.test"
    assert b64decode(query["p"][0]) == b"0tp>>>???"
    assert not set("+/= ") & set(login.url.split("p=")[1])
    assert (login.method, login.fields) == ("GET", {})


@pytest.mark.parametrize("otp", ["", None, {"otp": "x"}, 5, ["x"], "0tp\ufffd"])
def test_no_link_without_a_one_time_password(otp: object) -> None:
    with pytest.raises(PlatformUnavailable):
        panel_login(PANEL, ANNA, otp)


def data(url: object) -> dict[str, object]:
    return {"otp": "0tp", "token": "t0k", "url": url}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("webmail.emailarray.com", "https://webmail.emailarray.com/"),
        ("https://al.emailarray.com/x", "https://al.emailarray.com/x"),
    ],
)
def test_the_form_goes_to_a_listed_host(url: str, target: str) -> None:
    login = form_login(FORM, ANNA, data(url))
    assert (login.method, login.url) == ("POST", target)
    assert login.fields == {
        "username": "anna@house.test",
        "otp": "0tp",
        "token": "t0k",
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://webmail.emailarray.com/",
        "https://webmail.evil.example/",
        "https://webmail.emailarray.com.evil.example/",
        "https://evilemailarray.com/",
        "https://emailarray.com@evil.example/",
        "https://u@webmail.emailarray.com/",
        "https://webmail.emailarray.com:8443/",
        "https://evil.example\\.emailarray.com/",
        "javascript://webmail.emailarray.com/%0aalert(1)",
        "https://webmail.emailarray.com/\nx",
        "https://[",
        "",
        None,
        7,
    ],
)
def test_no_form_goes_elsewhere(url: object) -> None:
    with pytest.raises(PlatformUnavailable):
        form_login(FORM, ANNA, data(url))


def test_a_configured_target_needs_no_answer() -> None:
    config = EmailArrayConfig(
        webmail_method="form",
        webmail_form_url="https://al.emailarray.com/in",
        webmail_fields=(("u", "address"), ("p", "otp")),
    )
    login = form_login(config, ANNA, {"otp": "0tp", "url": "https://evil.example"})
    assert login.url == "https://al.emailarray.com/in"
    assert login.fields == {"u": "anna@house.test", "p": "0tp"}


@pytest.mark.parametrize(
    "value", ["x", None, [], {"otp": "x"}, {"otp": 1, "token": ""}]
)
def test_an_odd_answer_makes_no_form(value: object) -> None:
    with pytest.raises(PlatformUnavailable):
        form_login(FORM, ANNA, value)


@pytest.mark.parametrize(
    "options",
    [
        {"update_language": "editdomain"},
        {"update_timezone": "editpassword"},
        {"update_timezone": "x", "update_language": "x"},
        {"panel_login_url": "http://cp.emailarray.com/x"},
        {"webmail_form_url": "ftp://x"},
    ],
)
def test_a_dangerous_configuration_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"parameter names|https"):
        EmailArrayConfig(**options)
