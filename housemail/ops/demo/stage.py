"""Sets a demo up: platform, service, records and what is in them; and takes it down."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import django
from django.conf import settings

from housemail.ops import serving
from housemail.ops.demo import filling, place, sign_ins
from housemail.ops.demo.children import Child, ChildError
from housemail.ops.demo.client import Client, answers

HOUSE_DOMAINS = ("thexyz.com", "thexyz.ca", "thexyz.cn")
START_SECONDS = 30
# As a host would write it: the service reads it from its environment.
HOW_TO_PAY = (
    "This is a demo: do not send any money.\\n"
    "Staff mark the order as paid in the console."
)
# So that customers read where they would write to; nobody is there.
CONTACT = "help@example.com"
PLAN: dict[str, str] = {
    "allowed_domains": ",".join(HOUSE_DOMAINS),
    "account_type": "1|Basic",
    "quota_gb": "25",
    "max_aliases": "25",
    "allow_external_forwards": "",
    "timezone": "America/Montreal",
    "date_format": "yyyy-mm-dd",
    "language": "en",
    "max_lists": "5",
}


class StageError(Exception):
    """The demo cannot start; the text is the one sentence that says why."""


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line; port None: a good one that is free."""

    port: int | None = None
    emulator_port: int = 0
    preset: str = "calm"
    endpoint: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    # Who orders: the name of the installation, and its kind.
    installation: str = "demo"
    kind: str = "other"
    # Whether the built-in shop is opened too, and filled.
    shop: bool = False


@dataclass
class Scene:
    """A running demo, as ``--json`` prints it."""

    root: str
    key: str = field(repr=False)
    server: dict[str, str] = field(repr=False)
    emulator: str
    plan: dict[str, str]
    # Whether the built-in shop is open.
    shop: bool = False

    @property
    def api(self) -> str:
        """Where the billing API is."""
        return f"{self.root}/api/v1"

    def as_json(self) -> str:
        """Return the one line for a program."""
        return json.dumps(
            {
                "api": self.api,
                "api_key": self.key,
                "emulator": self.emulator,
                "server": self.server,
                "plan": self.plan,
                **(self.doors() if self.shop else {}),
            }
        )

    def doors(self) -> dict[str, dict[str, object]]:
        """Return where people go in, and with what."""
        customer = sign_ins.CUSTOMER.as_dict()
        staff = {person.role: person.as_dict() for person in sign_ins.STAFF}
        return {
            "shop": {"url": f"{self.root}/", **customer},
            "customer": {"url": f"{self.root}/mailboxes/", **customer},
            "console": {
                "url": f"{self.root}/console/",
                **sign_ins.OWNER.as_dict(),
                "staff": staff,
            },
        }


class Stage:
    """Starts everything, in an order that keeps the wait short."""

    def __init__(self, wish: Wish) -> None:
        """Remember the wish; nothing starts yet."""
        self.wish = wish
        self.directory = Path(settings.HOUSEMAIL_DATA_DIR)
        self.children: list[Child] = []
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        """Take the data directory."""
        try:
            self._ending.enter_context(place.take(self.directory))
        except place.PlaceError as error:
            raise StageError(str(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every child and give the directory back."""
        self._ending.close()

    def set_up(self) -> Scene:
        """Start it all; Errors: StageError, ChildError.

        The service loads its code while this process prepares the records; it is
        asked for nothing, and its engine looks at nothing, before both are done.
        """
        port = chosen_port("--port", self.wish.port, serving.PORT)
        root = f"http://{serving.HOST}:{port}"
        emulator = self._start_emulator()
        where = self._platform(emulator)
        kept = self._clear_for(where)
        if kept and emulator is not None:
            # Before anything of ours looks: it would find nothing there.
            filling.restore(where["control"], HOUSE_DOMAINS)
        service = self._start_service(root, where["panel_login"])
        key = self._records()
        server = {
            "platform": "emailarray",
            "endpoint": where["endpoint"],
            "username": where["username"],
            "password": where["password"],
        }
        scene = Scene(root, key, server, where["page"], dict(PLAN), shop=self.wish.shop)
        if emulator is not None and self.wish.shop and not kept:
            filling.fill(server, HOUSE_DOMAINS, where["control"], self.wish.preset)
            place.remember(self.directory, self._mark(where))
        self._wait_for(service, root)
        if self.wish.endpoint:
            scene.plan["allowed_domains"] = self._sellable(scene)
            if self.wish.shop:
                filling.fill(server, scene.plan["allowed_domains"].split(","))
        return scene

    def _clear_for(self, where: dict[str, str]) -> bool:
        """Empty the data directory, or keep it; Errors: StageError."""
        mark = self._mark(where)
        if mark and not self.wish.endpoint and place.remembered(self.directory) != mark:
            # Not before it is filled: a story that was cut short is told again.
            mark = None
        try:
            return place.clear_for(self.directory, mark)
        except place.PlaceError as error:
            raise StageError(str(error)) from error

    def _records(self) -> str:
        """Load Django, which is better done beside the service than before it."""
        django.setup()
        from housemail.ops.demo import records

        wish = self.wish
        return records.prepare(wish.endpoint, wish.installation, wish.kind)

    def _mark(self, where: dict[str, str]) -> dict[str, str] | None:
        """Say whose records these are; None for records that nobody can go on with.

        Those about an imitated platform are kept when the shop is open: it is given
        back what they tell, at the same address.
        """
        known = {"endpoint": where["endpoint"], "username": where["username"]}
        if self.wish.endpoint:
            return known
        return {**known, "imitated": "yes"} if self.wish.shop else None

    def _start_emulator(self) -> Child | None:
        if self.wish.endpoint:
            return None
        port = self.wish.emulator_port
        if port:
            _checked("--emulator-port", port)
        environment = serving.environment(
            engine=False, extra={"EMULATOR_PASSWORD": sign_ins.platform_password()}
        )
        line = [sys.executable, "-m", "emulator", "--json"]
        line += [f"--port={port or self._same_port()}", f"--preset={self.wish.preset}"]
        line += [f"--domains={','.join(HOUSE_DOMAINS)}"]
        return self.start("emulator", line, environment, speaks=True)

    def _same_port(self) -> int:
        """Return where the platform of these records was, if it can be there again."""
        known = place.remembered(self.directory)
        port = urlsplit(known.get("endpoint", "")).port
        if not self.wish.shop or "imitated" not in known or not port:
            return 0
        return 0 if serving.why_not_free(serving.HOST, port) else port

    def _start_service(self, root: str, panel_login: str) -> Child:
        environment = serving.environment(
            engine=True,
            extra={
                "HOUSEMAIL_PANEL_LOGIN_URL": panel_login,
                "HOUSEMAIL_PUBLIC_URL": root,
                "HOUSEMAIL_HOW_TO_PAY": HOW_TO_PAY,
                "HOUSEMAIL_CONTACT": os.environ.get("HOUSEMAIL_CONTACT") or CONTACT,
            },
        )
        environment.pop("HOUSEMAIL_PLATFORM_PASSWORD", None)
        port = urlsplit(root).port or serving.PORT
        line = serving.command(serving.HOST, port, settings.HOUSEMAIL_THREADS)
        return self.start("service", line, environment)

    def _wait_for(self, service: Child, root: str) -> None:
        until = time.monotonic() + START_SECONDS
        while not answers(f"{root}/readyz"):
            if not service.alive():
                raise ChildError(service.obituary())
            if time.monotonic() > until:
                raise StageError(f"The service does not answer; see {service.log}.")
            time.sleep(0.05)

    def start(
        self, name: str, line: list[str], environment: dict[str, str], **more: Any
    ) -> Child:
        """Start a program that ends with the demo."""
        log = self.directory / f"{name}.log"
        child = Child(name, line, environment, log, **more)
        self._ending.callback(child.stop)
        self.children.append(child)
        return child

    def _platform(self, emulator: Child | None) -> dict[str, str]:
        """Return where the platform is and how to log in."""
        if emulator is not None:
            said = json.loads(emulator.first_line())
            return {key: str(value) for key, value in said.items()}
        wish = self.wish
        parts = urlsplit(wish.endpoint)
        return {
            "endpoint": wish.endpoint,
            "username": wish.username,
            "password": wish.password,
            "control": "",
            "page": f"{parts.scheme}://{parts.netloc}",
            # The panel's login page lies beside its admin API, as on the real one.
            "panel_login": f"{parts.scheme}://{parts.netloc}/processlogin.php",
        }

    def _sellable(self, scene: Scene) -> str:
        """Return the platform's domains to sell on; Errors: StageError."""
        client = Client(scene.api, scene.key, {"server": scene.server})
        reply = client.call("/connection-test")
        client.close()
        if reply.status != 200:
            raise StageError(reply.detail or f"The service answers {reply.status}.")
        listed = reply.body.get("domains")
        domains = [str(name) for name in listed] if isinstance(listed, list) else []
        ours = [name for name in HOUSE_DOMAINS if name in domains]
        if not domains:
            raise StageError(f"{self.wish.endpoint} lists no domain to sell on.")
        return ",".join(ours or domains)


def chosen_port(option: str, asked: int | None, usual: int) -> int:
    """Return the port to serve on: as asked; None: the usual one where it is free.

    Errors: StageError, when the one that was asked for is in use.
    """
    if asked is None:
        taken = serving.why_not_free(serving.HOST, usual)
        return serving.free_port() if taken else usual
    return _checked(option, asked) if asked else serving.free_port()


def _checked(option: str, port: int) -> int:
    why = serving.why_not_free(serving.HOST, port)
    if why:
        raise StageError(
            f"{option} {port}: {why}. Choose another, or 0 for a free one."
        )
    return port
