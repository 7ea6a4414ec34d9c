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

from django.conf import settings
from django.db import connections
from django.utils import timezone

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.ops import serving, upkeep
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
        """Start it all; Errors: StageError, ChildError."""
        port = self._port()
        emulator = self._start_emulator()
        try:
            place.clear_for(self.directory, self._mark())
        except place.PlaceError as error:
            raise StageError(str(error)) from error
        upkeep.bring_up_to_date(lambda _: None)
        key = _key(self.wish.endpoint)
        connections.close_all()
        where = self._platform(emulator)
        root = f"http://{serving.HOST}:{port}"
        self._start_service(port, root, where.get("panel_login", ""))
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

    def _mark(self) -> dict[str, str] | None:
        wish = self.wish
        if not wish.endpoint:
            return None
        return {"endpoint": wish.endpoint, "username": wish.username}

    def _port(self) -> int:
        """Return the port to serve on; Errors: StageError when it is in use."""
        asked = self.wish.port
        if asked is None:
            taken = serving.why_not_free(serving.HOST, serving.PORT)
            return serving.free_port() if taken else serving.PORT
        return _checked("--port", asked) if asked else serving.free_port()

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
        return self._start("emulator", line, environment, speaks=True)

    def _start_service(self, port: int, root: str, panel_login: str) -> None:
        extra = {"HOUSEMAIL_PANEL_LOGIN_URL": panel_login} if panel_login else {}
        environment = serving.environment(engine=True, extra=extra)
        environment.pop("HOUSEMAIL_PLATFORM_PASSWORD", None)
        line = serving.command(serving.HOST, port, settings.HOUSEMAIL_THREADS)
        service = self._start("service", line, environment)
        until = time.monotonic() + START_SECONDS
        while not answers(f"{root}/readyz"):
            if not service.alive():
                raise ChildError(service.obituary())
            if time.monotonic() > until:
                raise StageError(f"The service does not answer; see {service.log}.")
            time.sleep(0.05)

    def _start(
        self, name: str, line: list[str], environment: dict[str, str], **more: Any
    ) -> Child:
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


def _checked(option: str, port: int) -> int:
    why = serving.why_not_free(serving.HOST, port)
    if why:
        raise StageError(
            f"{option} {port}: {why}. Choose another, or 0 for a free one."
        )
    return port


def _key(endpoint: str) -> str:
    """Return a new key of the demo's installation; the one before ends."""
    installation, _ = Installation.objects.get_or_create(
        name="demo", defaults={"kind": Installation.Kind.OTHER}
    )
    host = (urlsplit(endpoint).hostname or "").lower()
    if host and host not in installation.endpoint_hosts:
        installation.endpoint_hosts = [*installation.endpoint_hosts, host]
        installation.save(update_fields=["endpoint_hosts"])
    ApiKey.objects.filter(installation=installation, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    return keys.make(installation, permissions=keys.PERMISSIONS)
