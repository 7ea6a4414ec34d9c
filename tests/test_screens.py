"""Each picture of a page is listed, and each one listed is there."""

from __future__ import annotations

import re
from pathlib import Path

from housemail.console.navigation import parts
from tests.browser.ways import WAYS, of_part, plain

FOLDER = Path(__file__).resolve().parent.parent / "docs/screens"
MOST_BYTES = 400_000
# No link leads there: something happened before, or stands in an e-mail.
NO_LINK = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "console:password_change_done",
    "mfa_authenticate",
    # The password is asked for again in between.
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    # The demo has no such row, or none that offers it.
    "console:admin_logentry_change",
    "console:mailboxes_claim_command",
    "console:mailboxes_operation_command",
    "console:mailboxes_reservedname_change",
    "console:mailboxes_reservedname_command",
    "console:mailboxes_reservedrelease_change",
    "console:mailboxes_reservedrelease_command",
    "console:sales_bulkrun_change",
    "console:sales_bulkrun_command",
}


def views() -> set[str]:
    """Every view that a person comes to by links; of the console's parts, too."""
    found = set(WAYS)
    for part in parts():
        found |= {of_part(part, kind) for kind in ("changelist", "change", "history")}
        found |= {of_part(part, "add")} if part.add_action else set()
        found |= {of_part(part, "delete")} if part.delete_action else set()
        found |= {of_part(part, "command")} if part.commands else set()
        found |= {of_part(part, "list_command")} if part.list_commands else set()
    return found - NO_LINK


def test_every_view_has_a_picture() -> None:
    text = (FOLDER / "README.md").read_text()
    listed = re.findall(r"\]\(([\w-]+)\.png\)", text)
    missing = {
        view
        for view in views()
        # Some are shown in several states.
        if not any(f"{name}-".startswith(f"{plain(view)}-") for name in listed)
    }
    assert sorted(missing) == []


def test_pictures_are_small() -> None:
    large = [
        path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MOST_BYTES
    ]
    assert large == []
