"""The page for people: what the imitation holds, what it was asked, its faults.

Plain HTML with forms; no script, no inline style. Everything that came over the
wire passes ``esc``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

from emulator.catalogue import CATALOGUE
from emulator.clock import stamp
from emulator.commands import Controlled
from emulator.presets import PRESETS
from emulator.state import Domain, Mailbox
from emulator.switches import HOSTS, Activation

ROWS_SHOWN = 100
REQUESTS_SHOWN = 100


def esc(value: object) -> str:
    """Text that is safe between tags and in quoted attributes."""
    return escape(str(value), quote=True)


def render(emulator: Controlled, *, domain: str = "", problem: str = "") -> str:
    """The whole page; ``domain`` narrows it to one."""
    domains = list(emulator.state.domains.values())
    if domain:
        domains = [entry for entry in domains if entry.name == domain]
    alert = f'<p class="problem" role="alert">{esc(problem)}</p>' if problem else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>EmailArray imitation</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header>
<h1>EmailArray imitation</h1>
<p><strong>This is an imitation of a mail platform.</strong> No mail is delivered, no
real mailbox exists here, and everything is forgotten when the program ends.</p>
{_nav(emulator)}
</header>
<main>
{alert}
{_switches(emulator)}
{_weather(emulator)}
{_domains(domains, narrowed=bool(domain))}
{_journal(emulator)}
</main>
</body>
</html>
"""


def _nav(emulator: Controlled) -> str:
    links = [
        '<a href="#faults">Faults</a>',
        '<a href="#requests">Requests</a>',
        *(
            f'<a href="/?domain={esc(name)}">{esc(name)}</a>'
            for name in emulator.state.domains
        ),
        '<a href="/">All domains</a>',
    ]
    return f'<nav aria-label="Page">{" ".join(links)}</nav>'


def _switches(emulator: Controlled) -> str:
    on = emulator.switches
    shown = (
        _table(
            "Faults that are on",
            ("Fault", "Where", "Settings", "Fired", "Change"),
            [_switch_row(entry) for entry in on],
        )
        if on
        else "<p>No fault is on: every request is answered normally.</p>"
    )
    choices = "".join(
        f'<option value="{spec.name}">{spec.name}: {esc(spec.effect)}</option>'
        for spec in CATALOGUE.values()
    )
    hosts = "".join(f"<option>{host}</option>" for host in ("", *HOSTS))
    return f"""<section id="faults" aria-labelledby="faults-h">
<h2 id="faults-h">Faults</h2>
{shown}
<form method="post" action="/switch" class="card">
<h3>Switch a fault on</h3>
<input type="hidden" name="on" value="1">
<p><label for="name">Fault</label><select id="name" name="name">{choices}</select></p>
<div class="fields">
{_field("action", "Action", "addUser, or @write")}
{_field("domain", "Domain")}
{_field("mailbox", "Mailbox", "part before the @")}
<p><label for="host">Host</label><select id="host" name="host">{hosts}</select></p>
{_field("count", "Only the next n calls", kind="number")}
{_field("every", "Only every nth call", kind="number")}
<p><label for="phase">Phase</label><select id="phase" name="phase">
<option value="">as usual</option><option>before</option><option>after</option>
</select></p>
{_field("params", "Settings", "seconds=2 status=502")}
</div>
<p class="hint">Leave a field empty for no restriction.</p>
<button type="submit">Switch on</button>
</form>
{_settings_help()}
</section>"""


def _settings_help() -> str:
    rows = []
    for spec in CATALOGUE.values():
        settings = " ".join(
            f"{key}={'|'.join(option.choices) or _default(option.default)}"
            for key, option in spec.options.items()
        )
        rows.append((esc(spec.name), esc(spec.effect), esc(settings or "none")))
    table = _table("Faults and their settings", ("Fault", "Effect", "Settings"), rows)
    return f"<details><summary>All faults and their settings</summary>{table}</details>"


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def _switch_row(entry: Activation) -> tuple[str, ...]:
    plain = entry.plain()
    where = {
        key: plain[key]
        for key in ("action", "domain", "mailbox", "host", "count", "every", "rate")
        if plain[key]
    }
    settings: dict[str, object] = {
        key: value for key, value in entry.params.items() if value is not None
    }
    name = esc(entry.spec.name)
    off = (
        '<form method="post" action="/switch">'
        f'<input type="hidden" name="name" value="{name}">'
        '<input type="hidden" name="on" value="0">'
        f'<button type="submit" aria-label="Switch {name} off">Switch off</button>'
        "</form>"
    )
    return name, _pairs(where), _pairs(settings), str(entry.fired), off


def _pairs(values: dict[str, object]) -> str:
    return esc(" ".join(f"{key}={_flat(value)}" for key, value in values.items()))


def _flat(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(str(entry) for entry in value)
    return str(value)


def _weather(emulator: Controlled) -> str:
    choices = "".join(
        f'<option value="{esc(name)}"{" selected" if name == emulator.preset else ""}>'
        f"{esc(name)}: {esc(preset.summary)}</option>"
        for name, preset in PRESETS.items()
    )
    now = esc(stamp(emulator.clock.now()))
    return f"""<section aria-labelledby="weather-h">
<h2 id="weather-h">Preset, clock, reset</h2>
<div class="cards">
<form method="post" action="/preset" class="card">
<h3>Preset</h3>
<p><label for="preset">Set of faults</label>
<select id="preset" name="name">{choices}</select></p>
<button type="submit">Use preset</button>
</form>
<form method="post" action="/clock" class="card">
<h3>Clock</h3>
<p>It is {now} UTC here.</p>
{_field("advance", "Move forward by seconds", kind="number", needed=True)}
<button type="submit">Move clock</button>
</form>
<form method="post" action="/switch" class="card">
<h3>Faults</h3>
<p>Answer every request normally again.</p>
<input type="hidden" name="on" value="0"><input type="hidden" name="all" value="1">
<button type="submit">Switch all off</button>
</form>
<form method="post" action="/reset" class="card">
<h3>Reset</h3>
<p>Forgets all mailboxes, requests and sign-ins.</p>
<button type="submit" class="quiet">Reset everything</button>
</form>
</div>
</section>"""


def _domains(domains: Sequence[Domain], *, narrowed: bool) -> str:
    parts = [_domain(entry, everything=narrowed) for entry in domains]
    body = "\n".join(parts) or "<p>There is no such domain here.</p>"
    return (
        '<section aria-labelledby="domains-h">\n<h2 id="domains-h">Domains</h2>\n'
        f"{body}\n</section>"
    )


def _domain(domain: Domain, *, everything: bool) -> str:
    most = 1000 if everything else ROWS_SHOWN
    boxes = list(islice(domain.mailboxes.values(), most))
    lists = [
        (esc(entry.lname), esc(", ".join(entry.members) or "no members"))
        for entry in domain.lists.values()
    ]
    forwards = [
        (esc(name), esc(", ".join(to))) for name, to in domain.forwards.items() if to
    ]
    aliases = [(esc(alias), esc(to)) for alias, to in domain.aliases.items()]
    return f"""<article class="card">
<h3>{esc(domain.name)}</h3>
<p>{len(domain.mailboxes)} mailboxes, {len(aliases)} aliases, {len(lists)} lists.
{"Active" if domain.active else "Switched off"},
{"verified" if domain.verified else "not verified"}.</p>
{_mailboxes(domain, boxes)}
{_optional(f"Aliases of {domain.name}", ("Alias", "Delivers to"), aliases[:most])}
{_optional(f"Lists of {domain.name}", ("List", "Members"), lists[:most])}
{_optional(f"Forwards of {domain.name}", ("Mailbox", "Copies to"), forwards[:most])}
</article>"""


def _mailboxes(domain: Domain, boxes: Sequence[Mailbox]) -> str:
    rows = [
        (
            esc(box.username),
            esc(box.uname),
            "Enhanced" if box.account_type == 2 else "Basic",
            f"{box.usage_mb} of {box.quota_mb} MB",
            "Disabled" if box.disabled else "Active",
        )
        for box in boxes
    ]
    titles = ("Mailbox", "Name", "Type", "Used", "State")
    more = len(domain.mailboxes) - len(boxes)
    note = f"<p>{more} more are not shown.</p>" if more else ""
    return _optional(f"Mailboxes of {domain.name}", titles, rows) + note


def _journal(emulator: Controlled) -> str:
    entries = emulator.journal_since(0)[-REQUESTS_SHOWN:][::-1]
    rows = [
        (
            str(entry.number),
            esc(stamp(entry.at)[11:]),
            esc(entry.host),
            esc(entry.action or "(none)"),
            esc(json.dumps(entry.params, ensure_ascii=False)),
            esc(entry.outcome),
            "yes" if entry.changed else "no",
        )
        for entry in entries
    ]
    titles = ("No.", "Time", "Host", "Action", "Parameters", "Outcome", "Changed")
    body = _optional("Requests, newest first", titles, rows) or "<p>None so far.</p>"
    return (
        '<section id="requests" aria-labelledby="requests-h">\n'
        f'<h2 id="requests-h">Requests</h2>\n{body}\n</section>'
    )


def _optional(
    caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    return _table(caption, titles, rows) if rows else ""


def _table(caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself on a narrow screen; cells are escaped HTML."""
    header = "".join(f'<th scope="col">{esc(title)}</th>' for title in titles)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    label = esc(caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption>{label}</caption><thead><tr>{header}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _field(
    name: str, label: str, hint: str = "", *, kind: str = "text", needed: bool = False
) -> str:
    placeholder = f' placeholder="{esc(hint)}"' if hint else ""
    limits = ' min="0"' if kind == "number" else ""
    required = " required" if needed else ""
    return (
        f'<p><label for="{name}">{esc(label)}</label><input id="{name}" name="{name}" '
        f'type="{kind}"{limits}{placeholder}{required} autocomplete="off"></p>'
    )
