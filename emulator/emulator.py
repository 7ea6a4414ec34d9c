"""The emulator as a test holds it: start, seed, switch, look, stop."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from emulator import seeding
from emulator.clock import Clock
from emulator.control import handler_for as control_handler
from emulator.engine import Engine
from emulator.journal import Entry
from emulator.loopback import LOOPBACK, Listener
from emulator.state import Admin, State, snapshot
from emulator.switches import Activation
from emulator.wire import PANEL_PATH
from emulator.wire import handler_for as api_handler

HOUSE = ("thexyz.com", "thexyz.ca", "thexyz.cn")


class Emulator:
    """An imitation of the EmailArray admin and user API on loopback ports."""

    def __init__(
        self,
        preset: str = "calm",
        seed: int = 0,
        domains: Iterable[str] = HOUSE,
        username: str = "admin",
        password: str = "Emulator-pw-1",  # noqa: S107 - an imitation's login
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        admin = Admin(username, password)
        self._engine = Engine(admin, tuple(domains), preset, seed, self.clock)
        self._stopping = threading.Event()
        self._first, self._second = (
            Listener(api_handler(self._engine, host, self._stopping))
            for host in ("cfcp", "cp")
        )
        self._control = Listener(control_handler(self))
        self._running = False
        self._ports = threading.Lock()

    def start(self, port: int = 0, second_port: int = 0, control_port: int = 0) -> Self:
        """Open the three ports; 0 takes a free one."""
        self._stopping.clear()
        self._running = True
        try:
            self._first.open(port)
            self._second.open(second_port)
            self._control.open(control_port)
        except OSError:
            self.stop()
            raise
        self._follow_switches()
        return self

    def stop(self) -> None:
        """Close everything; held lines end at once."""
        self._running = False
        self._stopping.set()
        for listener in (self._first, self._second, self._control):
            listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """The admin API on the first host (cfcp)."""
        return f"http://{LOOPBACK}:{self._first.port}/admin/json.php"

    @property
    def second_endpoint(self) -> str:
        """The admin API on the second host (cp); same state."""
        return f"http://{LOOPBACK}:{self._second.port}/admin/json.php"

    @property
    def user_endpoint(self) -> str:
        """The user API; like the real one on the second host (cp)."""
        return f"http://{LOOPBACK}:{self._second.port}/json.php"

    @property
    def panel_login_url(self) -> str:
        """The control panel's login link, without u and p."""
        return f"http://{LOOPBACK}:{self._second.port}{PANEL_PATH}"

    @property
    def control_url(self) -> str:
        """Base of the control interface."""
        return f"http://{LOOPBACK}:{self._control.port}"

    @property
    def page_url(self) -> str:
        """The page for people."""
        return f"{self.control_url}/"

    @property
    def username(self) -> str:
        """The admin's user name."""
        return self._engine.state.admin.username

    @property
    def password(self) -> str:
        """The admin's password, also after changePassword."""
        return self._engine.state.admin.password

    @property
    def preset(self) -> str:
        """The preset last chosen."""
        return self._engine.preset

    def reset(self, preset: str | None = None) -> None:
        """Fresh everything, ports stay; without a name, the preset of the start."""
        self._engine.reset(preset)
        self._follow_switches()

    def use_preset(self, name: str) -> None:
        """Only the switches of a preset; state and journal stay."""
        self._engine.use_preset(name)
        self._follow_switches()

    def switch_on(self, name: str, **scope: object) -> None:
        """Turn a switch on; scopes and parameters as in ``switches.activation``."""
        self._engine.switch_on(name, **scope)
        self._follow_switches()

    def switch_off(self, name: str) -> None:
        """Turn a switch off in all its scopes."""
        with self._engine.lock:
            self._engine.switches.turn_off(name)
        self._follow_switches()

    def switches_off(self) -> None:
        """Turn all switches off."""
        with self._engine.lock:
            self._engine.switches.clear()
        self._follow_switches()

    @property
    def switches(self) -> list[Activation]:
        """What is on."""
        with self._engine.lock:
            return self._engine.switches.active()

    @property
    def journal(self) -> list[Entry]:
        """Every request so far, oldest first."""
        return self.journal_since(0)

    def journal_since(self, number: int) -> list[Entry]:
        """Requests with a higher number."""
        with self._engine.lock:
            self._engine.settle()
            return self._engine.journal.since(number)

    @property
    def state(self) -> State:
        """The platform's state, late changes that are due included."""
        self._engine.settle()
        return self._engine.state

    def snapshot(self) -> dict[str, object]:
        """The state as plain dicts, without passwords."""
        with self._engine.lock:
            return snapshot(self.state)

    def seed_domain(self, domain: str) -> None:
        """A domain, if it is missing."""
        with self._engine.lock:
            seeding.domain_of(self.state, domain)

    def seed_mailbox(self, domain: str, username: str, **fields: object) -> None:
        """A mailbox; fields by their names in the state."""
        with self._engine.lock:
            seeding.mailbox(self.state, domain, username, fields)

    def change_mailbox(self, domain: str, username: str, **fields: object) -> None:
        """What happened to a mailbox while nobody asked: usage, a sign-in."""
        with self._engine.lock:
            seeding.change(self.state, domain, username, fields)

    def seed_alias(self, domain: str, alias: str, forward: str) -> None:
        """An alias."""
        with self._engine.lock:
            seeding.alias(self.state, domain, alias, forward)

    def seed_list(self, domain: str, lname: str, members: Iterable[str] = ()) -> None:
        """A list."""
        with self._engine.lock:
            seeding.distribution_list(self.state, domain, lname, members)

    def seed_big(self, domain: str, n: int) -> None:
        """``n`` mailboxes."""
        with self._engine.lock:
            home = seeding.domain_of(self.state, domain)
            seeding.fill(home, n, self.clock.now())

    def _follow_switches(self) -> None:
        """primary_down refused: the port itself is closed while it is on."""
        if not self._running:
            return
        down = {
            entry.host
            for entry in self.switches
            if entry.spec.name == "primary_down"
            and entry.word("mode") == "refused"
            and not (entry.limited or entry.actions or entry.domain or entry.mailbox)
        }
        with self._ports:
            for host, listener in (("cfcp", self._first), ("cp", self._second)):
                if host in down:
                    listener.refuse()
                elif not listener.is_open:
                    listener.open(listener.port)
