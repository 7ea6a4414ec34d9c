"""The client sends exactly what the transcripts say, and understands the answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

from housemail.platforms.base import (
    AccountType,
    Address,
    Deadline,
    Localisation,
    LoginRefused,
    Look,
    MailboxSpec,
    PlatformRefused,
    Presence,
    RemoteAlias,
    RemoteMailbox,
    WebmailLogin,
)
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.platform import EmailArray
from tests.wire.transcripts import ADMIN, DOMAIN, TRANSCRIPTS, Transcript

JOHN = Address("john", DOMAIN)
SALES = Address("sales", DOMAIN)
TEAM = Address("team", DOMAIN)
PASSWORD = "Xy7#kd82Lq"
PARIS = Localisation("en", "Europe/Paris", "dd-mm-yyyy")
NEW = MailboxSpec(JOHN, AccountType.BASIC, Decimal("0.50"), "John & Jörg Doe", PARIS)
CHANGED = MailboxSpec(JOHN, AccountType.ENHANCED, Decimal("10.0"), "John Doe", PARIS)
LISTED = RemoteMailbox(
    JOHN,
    account_type=1,
    quota_raw=Decimal(5000),
    display_name="John Doe",
    disabled=False,
    used_bytes=1_234_000_000,
    last_login_at=datetime(2026, 2, 10, 12, tzinfo=UTC),
)
FOUND = RemoteMailbox(JOHN, account_type=1, display_name="John Doe", disabled=False)
INFO = RemoteMailbox(
    JOHN,
    account_type=1,
    quota_raw=Decimal(5000),
    display_name="John Doe",
    disabled=False,
    used_bytes=1_234_000_000,
    last_login_at=datetime(2026, 2, 10, 12, tzinfo=UTC),
    language="en",
    timezone="Europe/Paris",
    date_format="dd-mm-yyyy",
)
PANEL = (
    "https://cp.emailarray.com/processlogin.php"
    "?u=am9obkBleGFtcGxlLmNvbQ%3D%3D&p=azNKOXNQcTI%3D"
)

Use = Callable[[EmailArray, Deadline], Any]

# Transcript -> how our code is asked for it, and what it makes of the answer.
USES: dict[str, tuple[Use, object]] = {
    "get_all_domains": (lambda p, d: p.connect(d), [DOMAIN]),
    "search_users": (
        lambda p, d: p.look(JOHN, d, calibrated=False),
        Look(Presence.PRESENT, FOUND),
    ),
    "search_users_nothing": (
        lambda p, d: p.look(JOHN, d, calibrated=True),
        Look(Presence.ABSENT),
    ),
    "get_user_info": (lambda p, d: p.read(JOHN, d), INFO),
    "get_all_users_domain": (lambda p, d: list(p.all_mailboxes(DOMAIN, d)), [LISTED]),
    "add_user": (lambda p, d: p.create_mailbox(NEW, PASSWORD, d), None),
    "add_user_taken": (
        lambda p, d: p.create_mailbox(NEW, PASSWORD, d),
        PlatformRefused,
    ),
    "update_user": (lambda p, d: p.update_mailbox(CHANGED, d), None),
    "update_user_password": (
        lambda p, d: p.update_mailbox(CHANGED, d, password=PASSWORD),
        None,
    ),
    "disable_user": (lambda p, d: p.disable_mailbox(JOHN, d), None),
    "enable_user": (lambda p, d: p.enable_mailbox(JOHN, d), None),
    "remove_user": (lambda p, d: p.remove_mailbox(JOHN, d), None),
    "remove_user_missing": (lambda p, d: p.remove_mailbox(JOHN, d), PlatformRefused),
    "get_otp": (lambda p, d: p.webmail_login(JOHN, d), WebmailLogin("GET", PANEL)),
    "get_otp_and_token": (
        lambda p, d: p.webmail_login(JOHN, d),
        WebmailLogin(
            "POST",
            "https://webmail.emailarray.com/",
            {"username": str(JOHN), "otp": "k3J9sPq2", "token": "9b1d0c"},
        ),
    ),
    "add_alias": (lambda p, d: p.add_alias(SALES, str(JOHN), d), None),
    "remove_alias": (lambda p, d: p.remove_alias(SALES, d), None),
    "get_all_aliases_domain": (
        lambda p, d: p.all_aliases(DOMAIN, d),
        [RemoteAlias("sales", "john@example.com")],
    ),
    "add_list": (lambda p, d: p.add_list(TEAM, d), None),
    "remove_list": (lambda p, d: p.remove_list(TEAM, d), None),
    "get_all_lists_domain": (lambda p, d: p.all_lists(DOMAIN, d), ["team"]),
    "get_list_members": (
        lambda p, d: p.list_members(TEAM, d),
        ["john@example.com", "ext@other.org"],
    ),
    "add_list_member": (lambda p, d: p.add_member(TEAM, "new+1@other.org", d), None),
    "remove_list_member": (
        lambda p, d: p.remove_member(TEAM, "ext@other.org", d),
        None,
    ),
}
# Played in tests of their own below.
ELSEWHERE = {"login", "login_refused", "get_user_info_missing"}


class Player:
    """Answers each action with the transcript it was given, and keeps the requests."""

    def __init__(self, *played: Transcript) -> None:
        self.answers = {each.action: each.answer for each in played}
        self.requests: list[tuple[str, str, list[tuple[str, str]]]] = []
        player = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                raw = self.rfile.read(size).decode("ascii")
                form = parse_qsl(raw, keep_blank_values=True, strict_parsing=True)
                kind = self.headers["Content-Type"]
                player.requests.append((self.path, kind, form))
                body = player.answers[dict(form)["action"]].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def platform(self, password: str = ADMIN[1], **options: Any) -> EmailArray:
        url = f"http://127.0.0.1:{self.server.server_address[1]}/admin/json.php"
        config = EmailArrayConfig(**options)
        return EmailArray(url, ADMIN[0], password, config=config)

    def last(self, action: str) -> list[tuple[str, str]]:
        forms = [form for _, _, form in self.requests]
        return [form for form in forms if dict(form)["action"] == action][-1]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def play() -> Iterator[Callable[..., Player]]:
    players: list[Player] = []

    def start(*names: str) -> Player:
        players.append(Player(*(TRANSCRIPTS[name] for name in names)))
        return players[-1]

    yield start
    for player in players:
        player.stop()


def token() -> str:
    value = TRANSCRIPTS["login"].envelope["returndata"]
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize("name", USES)
def test_the_client_sends_the_request_and_understands_the_answer(
    play: Callable[..., Player], name: str
) -> None:
    transcript = TRANSCRIPTS[name]
    use, expected = USES[name]
    player = play("login", name)
    method = "form" if name == "get_otp_and_token" else "panel"
    platform = player.platform(webmail_method=method)
    deadline = Deadline.after(10)

    if isinstance(expected, type):
        with pytest.raises(expected) as caught:
            use(platform, deadline)
        assert str(caught.value) == transcript.envelope["returndata"]
    else:
        assert use(platform, deadline) == expected

    assert sorted(player.last(transcript.action)) == sorted(transcript.form(token()))
    assert all(path == "/admin/json.php" for path, _, _ in player.requests)
    assert {kind for _, kind, _ in player.requests} == {
        "application/x-www-form-urlencoded"
    }


def test_the_login_is_that_of_the_transcript(play: Callable[..., Player]) -> None:
    player = play("login", "get_all_domains")
    player.platform().connect(Deadline.after(10))
    assert sorted(player.last("login")) == sorted(TRANSCRIPTS["login"].request)


def test_a_refused_login_is_refused(play: Callable[..., Player]) -> None:
    player = play("login_refused")
    with pytest.raises(LoginRefused, match="Invalid credentials"):
        player.platform("wrong").connect(Deadline.after(10))
    assert sorted(player.last("login")) == sorted(TRANSCRIPTS["login_refused"].request)


def test_a_missing_user_is_shown_by_nothing(play: Callable[..., Player]) -> None:
    player = play("login", "get_user_info_missing", "search_users_nothing")
    assert player.platform().read(JOHN, Deadline.after(10)) is None
    wanted = TRANSCRIPTS["get_user_info_missing"].form(token())
    assert sorted(player.last("getUserInfo")) == sorted(wanted)


def test_every_transcript_is_played_and_every_action_has_one() -> None:
    assert set(TRANSCRIPTS) == set(USES) | ELSEWHERE
    assert {each.action for each in TRANSCRIPTS.values()} == {
        action.value for action in Action
    }


@pytest.mark.parametrize("transcript", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
def test_a_transcript_is_well_formed(transcript: Transcript) -> None:
    assert transcript.source.startswith("API ")
    assert transcript.request[0] == ("action", transcript.action)
    assert json.loads(transcript.answer)["returncode"] in {0, 1}
