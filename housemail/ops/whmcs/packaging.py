"""``housemail whmcs package``: the upload archive, the same bytes on every machine."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from housemail import __version__
from housemail.ops.whmcs import placing
from housemail.ops.whmcs.module import HOOKS_PLACE, NAME, PLACE, ModuleFile

FILE_MODE = 0o644
FOLDER_MODE = 0o755
# The first moment that the format knows; a real one would make every archive differ.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3

README = f"""\
Thexyz Mailboxes {__version__}: the WHMCS module {NAME} of Housemail.
1. Upload the folder {NAME} to /{PLACE.parent}/ of your WHMCS.
2. Optional: copy its hooks.php to /{HOOKS_PLACE}
3. Where Housemail runs: housemail keys create NAME --permissions read,write,adopt
4. Fill config.example.php with the address and the key, and save it one folder above
   WHMCS as housemail-whmcs.php, mode 0600; or as config.php in the module's folder.
5. In WHMCS add a server of type Thexyz Mailboxes and click Test Connection.
On the same machine `housemail whmcs install PATH` does steps 1 to 4.
An upgrade replaces the folder and keeps config.php. PHP 8.1 or newer, with cURL.
The whole guide, with a picture for each step, is docs/whmcs.md.
"""


def archive(files: Iterable[ModuleFile]) -> bytes:
    """Return the archive: the module's folder and README.txt beside it.

    Stored without compression: what a compressor makes differs between its versions,
    and the archive is small.
    """
    contents = {PurePosixPath(NAME) / file.path: file.content for file in files}
    folders = {parent for path in contents for parent in path.parents} - {
        PurePosixPath(".")
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as made:
        made.writestr(_entry("README.txt", stat.S_IFREG | FILE_MODE), README)
        for path in sorted({*contents, *folders}):
            if path in folders:
                made.writestr(_entry(f"{path}/", stat.S_IFDIR | FOLDER_MODE), b"")
            else:
                entry = _entry(str(path), stat.S_IFREG | FILE_MODE)
                made.writestr(entry, contents[path])
    return memory.getvalue()


def write(target: Path, content: bytes) -> None:
    """Put the archive there, whole or not at all; Errors: OSError."""
    with placing.Staging() as staging:
        staging.add(target, content, FILE_MODE)
        staging.commit()


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system = _UNIX
    entry.external_attr = mode << 16
    return entry
