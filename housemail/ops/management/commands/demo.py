"""``housemail demo``: everything on this machine, and a guided tour of it."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError, CommandParser

from housemail.ops import command
from housemail.ops.demo import place, running
from housemail.ops.demo.stage import Scene, Stage, Wish
from housemail.ops.demo.tour import Tour


class Command(command.Command):
    """Starts platform and service, shows a mailbox's life, keeps running."""

    help = (
        "Starts an imitated mail platform and the service on this machine, walks a "
        "test mailbox through its whole life by the billing API, showing what is sent "
        "and what comes back, and keeps running until Ctrl-C. Nothing leaves this "
        "machine, unless --endpoint names a platform elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ports, data, preset, or a platform that runs already."""
        parser.add_argument(
            "--json",
            action="store_true",
            help="no tour: print one JSON line when ready, for a program to read",
        )
        parser.add_argument(
            "--port",
            type=running.port,
            metavar="N",
            help="port of the service (0: a free one)",
        )
        parser.add_argument(
            "--emulator-port",
            type=running.port,
            default=0,
            metavar="N",
            help="port of the imitated platform (0: a free one)",
        )
        parser.add_argument(
            "--data-dir",
            metavar="DIR",
            default=str(place.DIRECTORY),
            help="where its records go (default: var/demo)",
        )
        parser.add_argument(
            "--preset",
            default="calm",
            metavar="NAME",
            help="how the imitated platform behaves; `housemail emulator --help` "
            "lists them",
        )
        parser.add_argument(
            "--endpoint",
            default="",
            metavar="URL",
            help="use the platform that answers there instead of the imitated one",
        )
        parser.add_argument("--username", default="", metavar="U", help="its login")
        parser.add_argument(
            "--password",
            default="",
            metavar="P",
            help="its password; better in HOUSEMAIL_PLATFORM_PASSWORD, which no list "
            "of processes shows",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        running.run(
            _wish(options), lambda stage: self._play(stage, as_json=options["json"])
        )
        if not options["json"]:
            self.stdout.write("\nThe demo has ended.")

    def _play(self, stage: Stage, *, as_json: bool) -> None:
        scene = stage.set_up()
        if as_json:
            self.stdout.write(scene.as_json())
            self.stdout.flush()
        else:
            Tour(scene, self.console()).walk()
            self._links(scene)

    def _links(self, scene: Scene) -> None:
        console = self.console()
        console.print()
        table = command.table("now try it yourself", "")
        command.add(table, "API, to read and to call", f"{scene.api}/docs")
        command.add(table, "its key", scene.key)
        command.add(table, "the mail platform", scene.emulator)
        console.print(table)
        console.print("Everything keeps running. Stop it with Ctrl-C.")
        self.stdout.flush()


def _wish(options: dict[str, Any]) -> Wish:
    """Return what was asked for; Errors: CommandError for what cannot be."""
    endpoint, username = options["endpoint"].strip(), options["username"].strip()
    password = options["password"]
    if not endpoint and (username or password):
        _stop("--username and --password go with --endpoint.")
    if endpoint:
        password = password or os.environ.get("HOUSEMAIL_PLATFORM_PASSWORD", "")
        if urlsplit(endpoint).scheme not in {"http", "https"}:
            _stop(f"--endpoint {endpoint}: a URL, such as https://HOST/admin/json.php.")
        if not username or not password:
            _stop(
                "--endpoint needs --username, and --password or "
                "HOUSEMAIL_PLATFORM_PASSWORD."
            )
    return Wish(
        port=options["port"],
        emulator_port=options["emulator_port"],
        preset=options["preset"],
        endpoint=endpoint,
        username=username,
        password=password,
    )


def _stop(sentence: str) -> None:
    sys.stdout.flush()
    raise CommandError(sentence, returncode=2)
