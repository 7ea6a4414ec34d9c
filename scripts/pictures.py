"""Pictures of pages, small enough to be committed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def shrink(picture: Path) -> None:
    """Reduce a PNG to 256 colours: a page has few, and it is a third of the size.

    Without pngquant (scripts/packages.sh installs it) the picture stays as it is.
    """
    program = shutil.which("pngquant")
    if program is None:
        return
    options = ["--force", "--skip-if-larger", "--strip", "--ext", ".png"]
    # 98 and 99: it would not become smaller, or not be good enough.
    done = subprocess.run([program, *options, "--", str(picture)], check=False)  # noqa: S603
    if done.returncode not in {0, 98, 99}:
        raise OSError(f"pngquant ended with {done.returncode} on {picture}")
