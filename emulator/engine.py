"""The imitated platform itself: one request in, one reply out.

One lock guards everything that changes. Waiting (latency, slow pages) happens
outside the lock, so that one slow call does not hold the others up.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from emulator import faults, gate, shaping
from emulator.actions import ACTIONS
from emulator.call import ADMIN, Action, Answer, Call, Refused, Request
from emulator.clock import Clock
from emulator.journal import Entry, Journal
from emulator.lag import Past
from emulator.presets import PRESETS
from emulator.reply import Reply, held
from emulator.seeding import fill
from emulator.sessions import Sessions
from emulator.state import Admin, HistoryLine, State
from emulator.switches import (
    Activation,
    CallScope,
    Consultation,
    SwitchBoard,
    activation,
)


@dataclass
class Late:
    """A change that will be applied after its caller has given up (late_apply)."""

    due: float
    call: Call
    entry: Entry


class Engine:
    """State, sessions, switches, journal and clock of one emulator."""

    def __init__(
        self,
        admin: Admin,
        domains: tuple[str, ...],
        preset: str,
        seed: int,
        clock: Clock,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.journal = Journal()
        self._admin = (admin.username, admin.password)
        self._domains = domains
        self._preset = preset
        self._seed = seed
        self.reset(preset)
        clock.on_advance(self.settle)

    def reset(self, preset: str | None = None) -> None:
        """Fresh state, journal, switches, clock and tokens; None: the first preset."""
        name = preset or self._preset
        if name not in PRESETS:
            raise ValueError(f"There is no preset {name!r}.")
        with self.lock:
            self.clock.reset()
            self.journal.clear()
            self.rng = random.Random(self._seed)  # noqa: S311 - repeatable on purpose
            self.sessions = Sessions(self.rng)
            self.switches = SwitchBoard(self.rng)
            self.state = State(Admin(*self._admin))
            self.past = Past()
            self._late: list[Late] = []
            for domain in self._domains:
                self.state.add_domain(domain.lower())
            self.use_preset(name)

    def use_preset(self, name: str) -> None:
        """Turn on a preset's switches instead of the present ones."""
        preset = PRESETS.get(name)
        if preset is None:
            raise ValueError(f"There is no preset {name!r}.")
        with self.lock:
            self.preset = name
            self.switches.clear()
            for switch, scope in preset.wishes:
                self.switch_on(switch, **scope)
            if preset.mailboxes and self.state.domains:
                first = next(iter(self.state.domains.values()))
                fill(first, preset.mailboxes, self.clock.now())

    def switch_on(self, name: str, **scope: object) -> Activation:
        """Turn a switch on."""
        new = activation(name, **scope)  # type: ignore[arg-type] # checked there
        with self.lock:
            new.since = self.clock.now()
            if name == "expired_token" and new.params["period"] is None:
                new.boundary = self.sessions.serial
            self.switches.turn_on(new)
        return new

    def settle(self) -> None:
        """Apply the late changes that are due."""
        with self.lock:
            now = self.clock.now()
            due = sorted((e for e in self._late if e.due <= now), key=lambda e: e.due)
            self._late = [late for late in self._late if late.due > now]
            for late in due:
                late.call.now = now
                try:
                    answer = self._run(late.call)
                except Refused:
                    continue
                late.entry.changed = answer.changed

    def handle(self, request: Request, pause: Callable[[float], None]) -> Reply:
        """Answer one API request; ``pause`` waits for latency."""
        with self.lock:
            self.settle()
            now = self.clock.now()
            name = request.text("action")
            action = ACTIONS.get((request.endpoint, name))
            entry = self.journal.open(
                host=request.host,
                endpoint=request.endpoint,
                action=name,
                params=request.params,
                at=now,
            )
            call = self._call(request, action or _unknown(name, request.endpoint), now)
            seconds = faults.delay(call.consult, "before", self.rng)
        pause(seconds)
        with self.lock:
            self.settle()
            call.now = self.clock.now()
            reply, rows = self._reply(call, entry)
            seconds = faults.delay(call.consult, "after", self.rng)
            seconds += _listing_time(call, rows)
        pause(seconds)
        return reply

    def wrong_method(self, host: str, endpoint: str) -> Reply:
        """A GET is an error (API reference 10.1), and is written down too."""
        with self.lock:
            now = self.clock.now()
            entry = self.journal.open(
                host=host, endpoint=endpoint, action="", params={}, at=now
            )
            entry.outcome = "refused"
        body = b'{"returncode":0,"returndata":"Use POST"}'
        return Reply(body, 405, [("Allow", "POST")])

    def _call(self, request: Request, action: Action, now: float) -> Call:
        scope = CallScope(
            action.name, request.host, action.groups, *self._subject(request)
        )
        return Call(
            request,
            action,
            self.state,
            self.state.domains,
            self.sessions,
            now,
            Consultation(self.switches, scope),
        )

    def _subject(self, request: Request) -> tuple[str, str]:
        """Domain and mailbox (or alias, or list) a request is about, for scopes."""
        token = self.sessions.find(request.text("token"), self.clock.now())
        owner = (token.owner if token else None) or ("", "")
        domain = _first(request, "domain", "editdomain", "newdomain") or owner[0]
        if not domain:
            return "", ""
        keys = ("username", "editusername", "alias", "lname", "editlname", "newlname")
        return domain, _first(request, *keys) or owner[1]

    def _reply(self, call: Call, entry: Entry) -> tuple[Reply, int]:
        consult = call.consult
        fault = faults.before(consult, call.now)
        if fault:
            entry.outcome = f"fault:{fault[0]}"
            return fault[1], 0
        try:
            call.token = gate.enter(call)
            late = self._postpone(call, entry)
            if late:
                return late, 0
            broken = faults.page_failure(consult, call.text("offset"))
            if broken:
                entry.outcome = f"fault:{broken[0]}"
                return broken[1], 0
            answer = self._run(call)
            entry.outcome = "ok"
        except Refused as refusal:
            answer = Answer(refusal.text, returncode=0)
            entry.outcome = f"fault:{refusal.fault}" if refusal.fault else "refused"
            if refusal.status != 200:
                return Reply(shaping.encoded(consult, answer), refusal.status), 0
        entry.changed = answer.changed
        rows = len(answer.data) if isinstance(answer.data, list) else 0
        return self._deliver(call, entry, answer), rows

    def _run(self, call: Call) -> Answer:
        if call.action.writes:
            self._remember(call)
        elif lag := call.consult.on("replication_lag"):
            moment = call.now - lag.number("seconds")
            call.domains = self.past.seen_at(moment, self.state.domains)
        answer = call.action.run(call)
        if answer.changed:
            user, remote = call.state.admin.username, call.request.remote
            line = HistoryLine(call.action.name, user, remote, call.now)
            call.state.history.append(line)
        return answer

    def _remember(self, call: Call) -> None:
        longest = max(
            (e.number("seconds") for e in self.switches.active("replication_lag")),
            default=0.0,
        )
        if longest:
            name = call.consult.call.domain
            domain = self.state.domains.get(name)
            self.past.record(call.now, name, domain, keep=longest)

    def _postpone(self, call: Call, entry: Entry) -> Reply | None:
        late = call.consult.on("late_apply")
        if not late:
            return None
        entry.outcome = "fault:late_apply"
        self._late.append(Late(call.now + late.number("delay"), call, entry))
        return held(late.number("hold"))

    def _deliver(self, call: Call, entry: Entry, answer: Answer) -> Reply:
        consult = call.consult
        if answer.returncode == 1:
            answer = shaping.shaped(call, answer)
        body = shaping.encoded(consult, answer)
        fault = faults.after(consult, body)
        if fault:
            entry.outcome = f"fault:{fault[0]}"
            reply = fault[1]
        else:
            if consult.on("odd_returncode"):
                entry.outcome = "fault:odd_returncode"
            reply = Reply(shaping.prefixed(consult, body))
        if answer.cookie:
            cookie = f"PHPSESSID={answer.cookie}; path=/; HttpOnly"
            reply.headers.append(("Set-Cookie", cookie))
        return shaping.delivery(reply, consult.on("trickle"))


def _first(request: Request, *keys: str) -> str:
    found = (request.text(key).strip().lower() for key in keys)
    return next((value for value in found if value), "")


def _listing_time(call: Call, rows: int) -> float:
    slow = call.consult.on("slow_listing")
    return slow.number("per_page") + rows * slow.number("per_row") if slow else 0.0


def _unknown(name: str, endpoint: str) -> Action:
    def refuse(_call: Call) -> Answer:
        raise Refused("Unknown action")

    # kind auth: an action nobody knows is refused before anyone looks at the token.
    return Action(name, "auth", "none", refuse, endpoint or ADMIN)
