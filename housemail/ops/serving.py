"""How the service is started: one Granian process, threads, the engine inside."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Mapping

from housemail.first_start import BASE_DIR

HOST = "127.0.0.1"
PORT = 8000
# A request may take its whole deadline; on stop, those that run are waited for.
STOP_SECONDS = 30


def command(host: str, port: int, threads: int) -> list[str]:
    """Return the web server's command line.

    One worker: its threads wait for the platform, and the engine runs once. A worker
    that dies is started again.
    """
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        "--workers=1",
        f"--blocking-threads={threads}",
        "--no-ws",
        "--respawn-failed-workers",
        f"--workers-kill-timeout={STOP_SECONDS}",
        "--log-level=warning",
        "housemail.wsgi:application",
    ]


def environment(
    *, engine: bool, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of the serving process, from any directory."""
    path = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get(
            "DJANGO_SETTINGS_MODULE", "housemail.settings"
        ),
        "HOUSEMAIL_ENGINE": "1" if engine else "0",
        "PYTHONPATH": f"{BASE_DIR}{os.pathsep}{path}" if path else str(BASE_DIR),
        **(extra or {}),
    }


def is_address(host: str) -> bool:
    """Tell addresses from names: the web server takes no name to listen on."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def why_not_free(host: str, port: int) -> str:
    """Return why nobody can listen there, or nothing.

    Asked before the web server starts: several processes may share its port, so it
    would start beside another one without a word.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""


def free_port(host: str = HOST) -> int:
    """Return a port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
