"""Run the emulator by itself: ``python -m emulator``."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from emulator.emulator import HOUSE, Emulator
from emulator.presets import PRESETS


def parser() -> argparse.ArgumentParser:
    """The command line."""
    presets = "\n".join(f"  {name:15} {p.summary}" for name, p in PRESETS.items())
    cli = argparse.ArgumentParser(
        prog="python -m emulator",
        description="Imitates the EmailArray mail platform on this machine, so that "
        "mailboxes can be sold and managed without a real account. Nothing it holds "
        "is real, and it forgets everything when it ends.",
        epilog=f"Presets:\n{presets}\n\nStop it with Ctrl-C.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _ports(cli)
    _behaviour(cli)
    cli.add_argument(
        "--json", action="store_true", help="print one line for a program to read"
    )
    return cli


def _ports(cli: argparse.ArgumentParser) -> None:
    for option, purpose in (
        ("--port", "port to answer on"),
        ("--second-port", "port of the second host, which shares everything"),
        ("--control-port", "port of the page to watch it and switch faults on"),
    ):
        words = f"{purpose} (default: any free one)"
        cli.add_argument(option, type=_port, default=0, metavar="N", help=words)


def _behaviour(cli: argparse.ArgumentParser) -> None:
    cli.add_argument(
        "--preset",
        choices=PRESETS,
        default="calm",
        metavar="NAME",
        help="how it behaves, see below (default: calm)",
    )
    cli.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="number its random choices start from, to repeat a run (default: 0)",
    )
    cli.add_argument(
        "--domains",
        type=_domains,
        default=HOUSE,
        metavar="A,B",
        help=f"domains it has (default: {','.join(HOUSE)})",
    )
    cli.add_argument(
        "--username", default="admin", metavar="U", help="login name (default: admin)"
    )
    cli.add_argument(
        "--password",
        metavar="P",
        help="password (default: EMULATOR_PASSWORD, or a new one)",
    )


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def _domains(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def announcement(emulator: Emulator, *, as_json: bool) -> str:
    """Where everything is."""
    where = {
        "endpoint": emulator.endpoint,
        "user_endpoint": emulator.user_endpoint,
        "second_endpoint": emulator.second_endpoint,
        "panel_login": emulator.panel_login_url,
        "username": emulator.username,
        "password": emulator.password,
        "control": emulator.control_url,
        "page": emulator.page_url,
    }
    if as_json:
        return json.dumps(where)
    lines = "\n".join(f"  {key:16} {value}" for key, value in where.items())
    return f"An imitation of EmailArray is running. Stop it with Ctrl-C.\n{lines}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    wish = parser().parse_args(argv)
    password = wish.password or os.environ.get("EMULATOR_PASSWORD")
    enough = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        enough.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    emulator = Emulator(
        preset=wish.preset,
        seed=wish.seed,
        domains=wish.domains,
        username=wish.username,
        password=password or f"Em-{secrets.token_urlsafe(12)}1a",
    )
    try:
        emulator.start(wish.port, wish.second_port, wish.control_port)
    except OSError as error:
        sys.stderr.write(f"Cannot open a port: {error.strerror}. Choose another.\n")
        return 1
    sys.stdout.write(announcement(emulator, as_json=wish.json) + "\n")
    sys.stdout.flush()
    enough.wait()
    emulator.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
