"""What of a path may be written down."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("/account/password/reset/key/2-abc123-4f5e6d/", "abc123-4f5e6d"),
        ("/account/confirm-email/MQ:1abcde:secretsecret/", "secretsecret"),
        ("/mailboxes/first-password/secretsecret/", "secretsecret"),
    ],
)
def test_links_of_e_mails_are_not_logged(client, db, capfd, caplog, path, secret):
    client.get(path)
    written = caplog.text + "".join(capfd.readouterr())
    assert "request" in written
    assert secret not in written
