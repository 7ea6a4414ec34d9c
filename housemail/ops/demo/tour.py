"""The guided tour: the product sheet's "Test the module", run for real."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import urllib3
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from housemail.mailboxes.rules import generate_password
from housemail.ops.demo.client import Client, Reply, masked
from housemail.ops.demo.stage import Scene

HANDLE = "testuser"
# A lost answer is settled within minutes; a tour waits that long, as a billing
# system would, by asking the same again.
PATIENCE_SECONDS = 180
PAUSE_SECONDS = 3


@dataclass(frozen=True)
class Step:
    """One sentence of the sheet, one call, and what shows that it is true."""

    says: str
    path: str
    fields: Mapping[str, object]
    holds: Callable[[Mapping[str, object]], bool]
    context: Mapping[str, object] | None = None


def _state(wanted: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda body: body.get("state") == wanted


def _text(body: Mapping[str, object], part: str) -> str:
    return json.dumps(body.get(part, []))


def _allowed(may: Mapping[str, object]) -> dict[str, object]:
    """Shorten what the customer may do to yes, or to why not."""
    return {
        name: entry.get("allowed") or entry.get("sentence")
        for name, entry in may.items()
        if isinstance(entry, Mapping)
    }


def _asked(calls: object) -> list[str]:
    """Word the platform calls of an answer."""
    return [
        f"{call.get('action')} ({call.get('outcome')}, {call.get('duration_ms')} ms)"
        for call in (calls if isinstance(calls, list) else [])
        if isinstance(call, dict)
    ]


def steps(domain: str, service: str) -> list[Step]:
    """Return the tour of one service on one house domain."""
    return [
        *_ordering(domain, service),
        *_living(domain, service),
        *_ending(service),
    ]


def _ordering(domain: str, service: str) -> list[Step]:
    order = {"handle": HANDLE, "domain": domain}
    return [
        Step(
            "Click Test Connection.",
            "/connection-test",
            {},
            lambda body: body.get("ok") is True,
        ),
        Step(
            "The order form asks whether the address can be had.",
            "/availability",
            order,
            lambda body: body.get("available") is True,
        ),
        Step(
            f"The order is accepted: the module provisions {HANDLE}@{domain}, and the "
            "WHMCS service shows as active.",
            f"{service}/create",
            {**order, "password": generate_password(), "display_name": "Test User"},
            _state("active"),
        ),
        Step(
            "The mailbox exists in PolarisMail / EmailArray.",
            f"{service}/check",
            {},
            lambda body: body.get("presence") == "present",
        ),
        Step(
            "The customer can view the product in the WHMCS client area.",
            f"{service}/overview",
            {},
            _state("active"),
        ),
    ]


def _living(domain: str, service: str) -> list[Step]:
    own, friend = f"{HANDLE}@{domain}", "friend@example.org"
    return [
        Step(
            "Password change works.",
            f"{service}/password",
            {"password": generate_password()},
            _state("active"),
        ),
        Step(
            "Alias creation works.",
            f"{service}/aliases/add",
            {"handle": "hello", "destination": own},
            lambda body: "hello@" in _text(body, "aliases"),
        ),
        Step(
            "Distribution list creation works.",
            f"{service}/lists/add",
            {"handle": "team", "members": [own]},
            lambda body: "team@" in _text(body, "lists"),
        ),
        Step(
            "Add distribution list members …",
            f"{service}/lists/members/add",
            {"handle": "team", "members": [friend]},
            lambda body: friend in _text(body, "lists"),
        ),
        Step(
            "… and remove them.",
            f"{service}/lists/members/remove",
            {"handle": "team", "members": [friend]},
            lambda body: friend not in _text(body, "lists"),
        ),
        Step(
            "Generate one-time webmail access.",
            f"{service}/webmail-login",
            {},
            lambda body: bool(body.get("url")),
        ),
    ]


def _ending(service: str) -> list[Step]:
    return [
        Step(
            "Suspend works from the WHMCS admin service page.",
            f"{service}/suspend",
            {"reason": "Overdue on payment"},
            _state("suspended"),
        ),
        Step("… and so does unsuspend.", f"{service}/unsuspend", {}, _state("active")),
        Step(
            "Update quota, language, timezone, and account type using WHMCS package "
            "changes.",
            f"{service}/plan",
            {},
            _state("active"),
            context={
                "options": {"Account Type": "Enhanced", "Mailbox Quota (GB)": "50 GB"}
            },
        ),
        Step(
            "Terminate removes the mailbox.",
            f"{service}/terminate",
            {},
            _state("terminated"),
        ),
    ]


class Tour:
    """Walks the steps against the running service, as a billing system."""

    def __init__(self, scene: Scene, console: Console) -> None:
        """Prepare a service of a customer who does not exist elsewhere."""
        self._scene = scene
        self._console = console
        self._domain = scene.plan["allowed_domains"].split(",")[0]
        self._service = f"/services/tour-{time.strftime('%Y%m%d-%H%M%S')}"
        self._client = Client(
            scene.api,
            scene.key,
            {
                "server": scene.server,
                "plan": scene.plan,
                "options": {},
                "owner": {"id": "tour", "name": "Test User", "language": "en"},
                "service": {"username": "", "domain": "", "status": "Active"},
                "actor": {"kind": "staff", "id": "tour"},
            },
        )

    def walk(self) -> bool:
        """Run every step; say whether all held."""
        self._introduce()
        found = steps(self._domain, self._service)
        for number, step in enumerate(found, start=1):
            self._console.print()
            self._console.print(
                Text(f"{number}/{len(found)}  {step.says}", style="bold")
            )
            try:
                good = self._run(step)
            except urllib3.exceptions.HTTPError as error:
                self._console.print(Text(f"✗ The service does not answer: {error}"))
                good = False
            if not good:
                self._console.print("The tour ends here; everything keeps running.")
                return False
        self._client.close()
        return True

    def _introduce(self) -> None:
        self._console.print()
        self._console.print(
            Text(
                f"Housemail at {self._scene.api}, in front of {self._scene.emulator}. "
                "With every call a billing system sends its context:"
            )
        )
        self._show("→", masked(self._client.context))

    def _run(self, step: Step) -> bool:
        self._console.print(Text(f"POST {step.path}", style="cyan"))
        if step.context:
            self._client.context = {**self._client.context, **step.context}
        sent = {**(step.context or {}), **step.fields}
        if sent:
            self._show("→", masked(sent))
        reply = self._settled(step)
        self._tell(reply)
        good = reply.status == 200 and step.holds(reply.body)
        mark = Text("✓ shown", style="green") if good else Text("✗ not shown", "red")
        self._console.print(mark)
        return good

    def _settled(self, step: Step) -> Reply:
        """Call; while the outcome is being checked, call again, as WHMCS does."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            reply = self._client.call(step.path, **step.fields)
            if reply.status not in {202, 503} or time.monotonic() > until:
                return reply
            self._console.print(
                Text(f"← {reply.status} {reply.detail} Asking again …", style="yellow")
            )
            time.sleep(PAUSE_SECONDS)

    def _tell(self, reply: Reply) -> None:
        body = dict(reply.body)
        calls = body.pop("calls", [])
        if isinstance(body.get("url"), str):
            # It opens somebody's mailbox, once: shown in part, as every secret.
            body["url"] = str(body["url"]).partition("?")[0] + "?…"
        may = body.get("may")
        if isinstance(may, dict):
            body["may"] = _allowed(may)
        self._show(
            "←", masked(body), f"{reply.status} in {reply.seconds * 1000:.0f} ms"
        )
        asked = _asked(calls)
        if asked:
            line = f"  asked of the mail platform: {', '.join(asked)}"
            self._console.print(Text(line, style="dim"))

    def _show(self, arrow: str, value: object, words: str = "") -> None:
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > self._console.width - 4:
            text = json.dumps(value, ensure_ascii=False, indent=2)
        if words:
            self._console.print(Text(f"{arrow} {words}", style="cyan"))
        shown = text if words else f"{arrow} {text}"
        self._console.print(
            Syntax(shown, "json", background_color="default", word_wrap=True)
        )
