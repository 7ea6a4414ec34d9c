"""The command line: ``bin/housemail COMMAND``, in words a person uses."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from housemail import __version__, first_start

COMMANDS = {
    "demo": "try it: the shop, customer area and console, filled, on this machine",
    "serve": "run the service: the billing API with the background engine inside",
    "migrate": "bring the database up to date (serve does it by itself)",
    "doctor": "check the set-up, and say what to do about what is wrong",
    "whmcs": "pack the WHMCS module, install it, or see it in a stand-in WHMCS",
    "keys": "make, list and revoke the keys that billing systems log in with",
    "staff": "add, list and change who may open the console",
    "release": "give out a reserved, held or quarantined name, with a reason",
    "settle": "look now at every change whose answer was lost",
    "modulelog": "see the calls to the mail platform; log successful ones for a while",
    "emulator": "run only the imitated mail platform",
}


def usage() -> str:
    """Return the text of ``housemail --help``."""
    lines = "\n".join(f"  {name:10} {words}" for name, words in COMMANDS.items())
    return (
        "Housemail sells single mailboxes on house domains and runs them for their "
        "whole life.\n\n"
        f"Use: housemail COMMAND\n\n{lines}\n\n"
        "housemail COMMAND --help says more. Settings come from the environment: "
        "docs/settings.md."
    )


def _say(sentence: str) -> None:
    sys.stderr.write(sentence.rstrip() + "\n")


def _is_demo(name: str, arguments: Sequence[str]) -> bool:
    """Tell what lives in a data directory of its own, apart from a real service."""
    return name == "demo" or (name == "whmcs" and list(arguments[:1]) == ["demo"])


def _run(name: str, arguments: Sequence[str]) -> None:
    """Load Django and hand over to the command, which may end the process.

    The demo loads Django itself, while its children start.
    """
    import django
    from django.core.management import load_command_class

    from housemail import logs

    if name != "demo":
        django.setup()
        # Unconfigured, a traceback could show local variables, and with them secrets.
        logs.configure()
    load_command_class("housemail.ops", name).run_from_argv(
        ["housemail", name, *arguments]
    )


def _prepare(name: str, arguments: Sequence[str]) -> str:
    """Make the data directory; return a sentence when that is not possible."""
    if _is_demo(name, arguments):
        from housemail.ops import demo_data
        from housemail.ops.demo import place

        place.use(
            arguments,
            demo_data.DIRECTORY if name == "demo" else demo_data.WHMCS_DIRECTORY,
        )
    try:
        first_start.prepare()
    except OSError as error:
        return (
            f"The data directory {first_start.data_dir()} cannot be used: "
            f"{error.strerror}. Name another with HOUSEMAIL_DATA_DIR."
        )
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given[0] if given else "--help"
    if name == "help" and len(given) > 1:
        name, given = given[1], [given[1], "--help"]
    if name in {"--help", "-h", "help"}:
        sys.stdout.write(usage() + "\n")
        return 0
    if name in {"--version", "version"}:
        sys.stdout.write(f"Housemail {__version__}\n")
        return 0
    if name not in COMMANDS:
        _say(f"There is no command {name!r}. `housemail --help` lists them.")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housemail.settings")
    sentence = _prepare(name, given[1:])
    if sentence:
        _say(sentence)
        return 2
    from django.core.exceptions import ImproperlyConfigured

    try:
        _run(name, given[1:])
    except ImproperlyConfigured as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
