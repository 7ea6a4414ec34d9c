"""``housemail whmcs demo``: the module in a stand-in WHMCS, beside the service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError, OutputWrapper
from rich.console import Console

from housemail.first_start import BASE_DIR
from housemail.ops import command, demo_data, serving
from housemail.ops.demo import running
from housemail.ops.demo.children import ChildError
from housemail.ops.demo.client import answers
from housemail.ops.demo.stage import Scene, Stage, StageError, Wish, chosen_port
from housemail.ops.whmcs import connection, module

STANDIN = BASE_DIR / "whmcs" / "standin"
PORT = 8080
# A browser asks for several files at once, and a page may wait for the service.
WORKERS = 4
START_SECONDS = 15
# PHP's web server leaves its workers behind when it ends: whoever ends this shell, ends
# its whole process group.
GROUP = 'trap "trap - TERM; kill 0" TERM; "$@" & wait $!'
INSTALL = (
    "scripts/packages.sh --stand-in installs it where it is run as root on Debian."
)
EXTENSIONS = ("curl", "mbstring", "pdo_sqlite")
FILES = {
    "/usr/share/php/smarty4/Smarty.class.php": "Smarty 4",
    "/usr/share/php/Illuminate/Database/autoload.php": "Illuminate Database",
    "/usr/share/javascript/bootstrap/css/bootstrap.min.css": "Bootstrap 3",
    "/usr/share/javascript/bootstrap4/css/bootstrap.min.css": "Bootstrap 4",
}


@dataclass(frozen=True)
class StandIn:
    """A stand-in WHMCS that answers."""

    root: str
    admin: dict[str, str]
    client: dict[str, str]
    ids: dict[str, int]

    def as_json(self, scene: Scene) -> str:
        """Return the one line for a program."""
        return json.dumps(
            {
                "whmcs": self.root,
                "admin": {"url": f"{self.root}/admin/", **self.admin},
                "client": {"url": f"{self.root}/clientarea.php", **self.client},
                "cart": f"{self.root}/cart.php",
                "faults": f"{self.root}/standin-faults.json",
                "ids": self.ids,
                **json.loads(scene.as_json()),
            }
        )


def add_arguments(parser: ArgumentParser) -> None:
    """Ports, data, preset."""
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON line when ready, for a program to read",
    )
    for name, what in (
        ("--port", f"the stand-in WHMCS (default: {PORT} where it is free)"),
        ("--service-port", "the service (default: 8000 where it is free)"),
        ("--emulator-port", "the imitated platform"),
    ):
        parser.add_argument(
            name,
            type=running.port,
            metavar="N",
            default=0 if name == "--emulator-port" else None,
            help=f"port of {what}; 0: a free one",
        )
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        default=str(demo_data.WHMCS_DIRECTORY),
        help="where its records go (default: var/whmcs-demo)",
    )
    parser.add_argument(
        "--preset",
        default="calm",
        metavar="NAME",
        help="how the imitated platform behaves; `housemail emulator --help` lists "
        "them",
    )


def run(options: Mapping[str, Any], stdout: OutputWrapper) -> None:
    """Run until Ctrl-C; Errors: CommandError."""
    php = _php()
    wish = Wish(
        port=options["service_port"],
        emulator_port=options["emulator_port"],
        preset=options["preset"],
        installation="demo-whmcs",
        kind="whmcs",
    )

    def play(stage: Stage) -> None:
        scene = stage.set_up()
        standin = _raise(stage, scene, php, options["port"])
        _show(standin, scene, stdout, as_json=options["json"])

    running.run(wish, play)
    if not options["json"]:
        stdout.write("\nThe stand-in has ended.\n")


def _php() -> str:
    """Return the PHP to use; Errors: CommandError, which names what is missing."""
    php = shutil.which("php")
    if php is None:
        raise CommandError(f"PHP is not installed. {INSTALL}", returncode=2)
    loaded = subprocess.run(  # noqa: S603 - found in the path, nothing of others
        [php, "-m"], capture_output=True, text=True, check=False
    ).stdout.split()
    missing = [f"PHP's extension {name}" for name in EXTENSIONS if name not in loaded]
    missing += [name for path, name in FILES.items() if not Path(path).is_file()]
    if missing:
        raise CommandError(
            f"The stand-in needs {', '.join(missing)}. {INSTALL}", returncode=2
        )
    return php


def _raise(stage: Stage, scene: Scene, php: str, asked: int | None) -> StandIn:
    """Lay the stand-in out, set it up and serve it.

    Errors: StageError, ChildError.
    """
    home = stage.directory / "whmcs"
    if home.exists():
        shutil.rmtree(home)
    for folder in ("root", "compiled", "sessions"):
        (home / folder).mkdir(mode=0o700, parents=True)
    # Beside the root, where the module looks first without being told.
    settings = home / connection.FILE_NAME
    settings.touch(mode=connection.MODE)
    settings.write_bytes(
        connection.render(connection.Connection(scene.root, scene.key))
    )
    environment = {
        **os.environ,
        "PHP_CLI_SERVER_WORKERS": str(WORKERS),
        "STANDIN_ROOT": str(home / "root"),
        "STANDIN_COMPILED": str(home / "compiled"),
        "STANDIN_DATABASE": f"sqlite:{home / 'whmcs.sqlite3'}",
    }
    environment.pop(connection.VARIABLE, None)
    made = _seed(php, scene, environment)
    port = chosen_port("--port", asked, PORT)
    root = f"http://{serving.HOST}:{port}"
    public = STANDIN / "public"
    line = ["/bin/sh", "-c", GROUP, "stand-in"]
    line += [php, "-d", "display_errors=0", "-d", "log_errors=1"]
    # An edited file counts at once, not after two seconds.
    line += ["-d", "opcache.revalidate_freq=0"]
    line += ["-d", f"session.save_path={home / 'sessions'}"]
    line += ["-S", f"{serving.HOST}:{port}", "-t", str(public)]
    line.append(str(public / "router.php"))
    child = stage.start("stand-in", line, environment)
    until = time.monotonic() + START_SECONDS
    while not answers(f"{root}/standin.php"):
        if not child.alive():
            raise ChildError(child.obituary())
        if time.monotonic() > until:
            raise StageError(f"The stand-in does not answer; see {child.log}.")
        time.sleep(0.05)
    return StandIn(root, **made)


def _seed(php: str, scene: Scene, environment: Mapping[str, str]) -> dict[str, Any]:
    """Set up what the product sheet says; return the sign-ins and ids."""
    endpoint = urlsplit(scene.server["endpoint"])
    line = [php, str(STANDIN / "seed.php")]
    line += ["--root", environment["STANDIN_ROOT"]]
    line += ["--database", environment["STANDIN_DATABASE"]]
    line += ["--server", f"{endpoint.hostname}:{endpoint.port}"]
    line += ["--endpoint", scene.server["endpoint"]]
    line += ["--username", scene.server["username"]]
    line += ["--module", str(module.FOLDER)]
    if endpoint.scheme == "http":
        line.append("--plain")
    done = subprocess.run(  # noqa: S603 - our own program
        line,
        env={**environment, "STANDIN_SERVER_PASSWORD": scene.server["password"]},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise StageError(f"The stand-in cannot be set up: {said[-1][:300]}")
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _show(
    standin: StandIn, scene: Scene, stdout: OutputWrapper, *, as_json: bool
) -> None:
    if as_json:
        stdout.write(standin.as_json(scene) + "\n")
        stdout.flush()
        return
    width = None if stdout.isatty() else command.PIPE_WIDTH
    file: Any = stdout
    console = Console(file=file, width=width, highlight=False)
    table = command.table("a stand-in WHMCS, with the module in it", "", "sign in with")
    admin, client = _words(standin.admin), _words(standin.client)
    command.add(table, "order form", f"{standin.root}/cart.php", client)
    command.add(table, "client area", f"{standin.root}/clientarea.php", client)
    command.add(table, "admin area", f"{standin.root}/admin/", admin)
    command.add(table, "what it cannot prove", f"{standin.root}/standin.php", "")
    command.add(table, "the mail platform", scene.emulator, "")
    command.add(table, "the service's API", f"{scene.api}/docs", "")
    console.print(table)
    console.print("Everything keeps running. Stop it with Ctrl-C.")
    stdout.flush()


def _words(sign_in: Mapping[str, str]) -> str:
    return f"{sign_in['username']} / {sign_in['password']}"
