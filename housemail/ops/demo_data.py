"""Where the demos keep their data, and who is told so.

Apart from the demo itself: commands that know nothing of it look here, too.
"""

from __future__ import annotations

from housemail.first_start import BASE_DIR, data_dir

DIRECTORY = BASE_DIR / "var" / "demo"
# Both kinds of demo may run at the same time.
WHMCS_DIRECTORY = BASE_DIR / "var" / "whmcs-demo"
# Whose demo a directory holds; its presence says that it may be emptied.
MARK = "demo.json"


def hint() -> str:
    """Say where a demo's data are, for who looks for them elsewhere.

    Nothing where there is no demo, or where one is what is looked at.
    """
    found = [each for each in (DIRECTORY, WHMCS_DIRECTORY) if (each / MARK).exists()]
    if not found or (data_dir() / MARK).exists():
        return ""
    return (
        f" For the demo's data in {found[0]}: HOUSEMAIL_DATA_DIR={found[0]} "
        "HOUSEMAIL_ALLOW_LOCAL_PLATFORM=1 bin/housemail …"
    )
