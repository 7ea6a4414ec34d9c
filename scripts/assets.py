#!/usr/bin/env python3
"""Fetch the style sheets that are not ours and write the parts we use.

    python3 scripts/assets.py        (needs npm; what it writes is committed)

Only here is npm needed: pages are served from what is written to
``housemail/web/static/vendor/``. The archive's hash is pinned, and the hashes of all
that was written go to ``housemail/web/vendor.json``, which a test compares. The
licence stands beside it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, VERSION = "@tabler/core", "1.6.1"
INTEGRITY = (
    "sha512-lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04"
    "QUuW3pqDsIg=="
)
STYLES = "package/dist/css/tabler.min.css"
# The version is in the address: browsers keep these files for ever.
TARGET = ROOT / f"housemail/web/static/vendor/tabler-{VERSION}"
MANIFEST = ROOT / "housemail/web/vendor.json"
DARK = "[data-bs-theme=dark]"
# No choice was made: what the system prefers counts, without any JavaScript.
AUTOMATIC = ":root:not([data-bs-theme])"
BLOCK = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*\s*\}")  # @media and the like
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def fetched(folder: Path) -> Path:
    """Return the package's archive; stops when it is not the pinned one."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed (Debian: apt install npm).")
    order = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    name = subprocess.run(  # noqa: S603 - no shell, all of it is written above
        order, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    archive = folder / name
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        sys.exit(f"{PACKAGE} {VERSION} is not the archive that was pinned.")
    return archive


def styles(archive: Path) -> str:
    """Return the style sheet; a map that is not shipped may not be named."""
    with tarfile.open(archive) as package:
        member = package.extractfile(STYLES)
        if member is None:
            sys.exit(f"{STYLES} is not in the package.")
        text = member.read().decode("utf-8")
    return re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", text)


def automatic_dark(text: str) -> str:
    """Return the dark rules once more, for systems that prefer dark.

    What is inside a block (printing, for one) stays as it is.
    """
    rules = []
    for selectors, body in RULE.findall(BLOCK.sub("", text)):
        dark = [
            selector.replace(DARK, AUTOMATIC, 1)
            for selector in selectors.split(",")
            if re.match(re.escape(DARK) + r"($|[ .])", selector)
        ]
        if dark:
            rules.append(f"{','.join(dark)}{{{body}}}")
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}\n"


def write(files: dict[str, bytes]) -> None:
    """Write the files, and their hashes to the manifest."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (TARGET / name).write_bytes(content)
    shown = {
        "package": PACKAGE,
        "version": VERSION,
        "integrity": INTEGRITY,
        "folder": str(TARGET.relative_to(ROOT)),
        "sha256": {
            name: hashlib.sha256(content).hexdigest() for name, content in files.items()
        },
    }
    MANIFEST.write_text(json.dumps([shown], indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Fetch, cut, write."""
    with tempfile.TemporaryDirectory() as folder:
        text = styles(fetched(Path(folder)))
    sheet = (text + automatic_dark(text)).encode()
    # Browsers are sent the packed one: an eighth of the size, no step at run time.
    packed = gzip.compress(sheet, 9, mtime=0)
    files = {"tabler.min.css": sheet, "tabler.min.css.gz": packed}
    write(files)
    for name, content in files.items():
        sys.stdout.write(f"{name}: {len(content)} bytes\n")


if __name__ == "__main__":
    main()
