"""``housemail demo``: the product on this machine, open and filled."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import CommandError, CommandParser

from housemail.ops import command, demo_data
from housemail.ops.demo import running, sign_ins
from housemail.ops.demo.stage import Scene, Stage, Wish
from housemail.ops.demo.tour import Tour


class Command(command.Command):
    """Starts platform and service, opens and fills the shop, keeps running."""

    help = (
        "Starts an imitated mail platform and the service on this machine, opens the "
        "shop as the product sheet says and fills it with customers and orders, says "
        "where to go and how to sign in, and keeps running until Ctrl-C. A second "
        "start goes on where the first one was. Nothing leaves this machine, unless "
        "--endpoint names a platform elsewhere; there no mailbox is made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ports, data, preset, or a platform that runs already."""
        parser.add_argument(
            "--json",
            action="store_true",
            help="print one JSON line when ready, for a program to read",
        )
        parser.add_argument(
            "--tour",
            action="store_true",
            help="first walk a test mailbox through its whole life by the billing "
            "API, showing what is sent and what comes back",
        )
        parser.add_argument(
            "--code",
            action="store_true",
            help="start nothing: print the codes that the console asks for now",
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
            default=str(demo_data.DIRECTORY),
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
        if options["code"]:
            self._codes()
            return
        as_json, tour = options["json"], options["tour"]
        if as_json and tour:
            _stop("--json and --tour do not go together.")
        wish = _wish(options)
        running.run(wish, lambda stage: self._play(stage, as_json=as_json, tour=tour))
        if not as_json:
            self.stdout.write("\nThe demo has ended.")

    def _play(self, stage: Stage, *, as_json: bool, tour: bool) -> None:
        scene = stage.set_up()
        if as_json:
            self.stdout.write(scene.as_json())
            self.stdout.flush()
            return
        if tour:
            Tour(scene, self.console()).walk()
        self._links(scene, stage)

    def _links(self, scene: Scene, stage: Stage) -> None:
        console = self.console()
        console.print()
        doors = scene.doors()
        table = command.table("Housemail is open", "", "sign in as")
        customer, owner = sign_ins.CUSTOMER.email, sign_ins.OWNER.email
        command.add(table, "shop", doors["shop"]["url"], customer)
        command.add(table, "customer area", doors["customer"]["url"], customer)
        command.add(table, "console", doors["console"]["url"], owner)
        for person in sign_ins.STAFF[1:]:
            command.add(table, f"  as {person.role}", "", person.email)
        command.add(table, "the mail platform", scene.emulator, "")
        command.add(table, "API, to read and to call", f"{scene.api}/docs", scene.key)
        command.add(table, "e-mails that were sent", str(stage.directory / "mail"), "")
        console.print(table)
        console.print(f"The password of each of them: {sign_ins.password()}")
        code, seconds = sign_ins.code(sign_ins.OWNER.totp_secret)
        console.print(
            f"The console asks for a code, too: {code} for {seconds} seconds more. "
            f"Later `{_again(stage)} --code` prints it; or give an authenticator app "
            f"the key {sign_ins.OWNER.totp_secret}."
        )
        console.print(
            "Begin as a stranger: order an address in the shop, then mark the order as "
            "paid in the console. The API key is new at each start; the one before has "
            "ended."
        )
        console.print("Everything keeps running. Stop it with Ctrl-C.")
        self.stdout.flush()

    def _codes(self) -> None:
        table = command.table("sign in as", "password", "code", "counts for")
        for person in sign_ins.STAFF:
            code, seconds = sign_ins.code(person.totp_secret)
            command.add(table, person.email, sign_ins.password(), code, f"{seconds} s")
        self.console().print(table)


def _again(stage: Stage) -> str:
    """Return the command that means this very demo."""
    if stage.directory == demo_data.DIRECTORY:
        return "bin/housemail demo"
    return f"bin/housemail demo --data-dir {stage.directory}"


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
        shop=True,
    )


def _stop(sentence: str) -> None:
    sys.stdout.flush()
    raise CommandError(sentence, returncode=2)
