"""Sets a demo up: platform, service, installation and key; and takes it down."""

from __future__ import annotations

import json
import secrets
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
from housemail.ops.demo import place
from housemail.ops.demo.children import Child, ChildError
from housemail.ops.demo.client import Client, answers

HOUSE_DOMAINS = ("thexyz.com", "thexyz.ca", "thexyz.cn")
START_SECONDS = 30
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


@dataclass
class Scene:
    """A running demo, as ``--json`` prints it."""

    root: str
    key: str = field(repr=False)
    server: dict[str, str] = field(repr=False)
    emulator: str
    plan: dict[str, str]

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
            }
        )


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
        try:
            place.clear_for(self.directory, self._mark())
        except place.PlaceError as error:
            raise StageError(str(error)) from error
        where = self._platform(self._start_emulator())
        root = f"http://{serving.HOST}:{port}"
        service = self._start_service(port, where["panel_login"])
        key = self._records()
        self._wait_for(service, root)
        server = {
            "platform": "emailarray",
            "endpoint": where["endpoint"],
            "username": where["username"],
            "password": where["password"],
        }
        scene = Scene(root, key, server, where["page"], dict(PLAN))
        if self.wish.endpoint:
            scene.plan["allowed_domains"] = self._sellable(scene)
        return scene

    def _records(self) -> str:
        """Load Django, which is better done beside the service than before it."""
        django.setup()
        from housemail.ops.demo import records

        wish = self.wish
        return records.prepare(wish.endpoint, wish.installation, wish.kind)

    def _mark(self) -> dict[str, str] | None:
        wish = self.wish
        if not wish.endpoint:
            return None
        return {"endpoint": wish.endpoint, "username": wish.username}

    def _start_emulator(self) -> Child | None:
        if self.wish.endpoint:
            return None
        port = self.wish.emulator_port
        if port:
            _checked("--emulator-port", port)
        environment = serving.environment(
            engine=False,
            extra={"EMULATOR_PASSWORD": f"Em-{secrets.token_urlsafe(12)}-1a"},
        )
        line = [sys.executable, "-m", "emulator", "--json"]
        line += [f"--port={port}", f"--preset={self.wish.preset}"]
        line += [f"--domains={','.join(HOUSE_DOMAINS)}"]
        return self.start("emulator", line, environment, speaks=True)

    def _start_service(self, port: int, panel_login: str) -> Child:
        environment = serving.environment(
            engine=True, extra={"HOUSEMAIL_PANEL_LOGIN_URL": panel_login}
        )
        environment.pop("HOUSEMAIL_PLATFORM_PASSWORD", None)
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
