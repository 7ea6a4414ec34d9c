"""Style sheets that are not ours are what the manifest says, and complete."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "housemail/web/static"
MANIFEST = json.loads((ROOT / "housemail/web/vendor.json").read_text(encoding="utf-8"))


def test_vendored_files_are_those_of_the_manifest_and_no_others() -> None:
    listed = {
        ROOT / entry["folder"] / name: digest
        for entry in MANIFEST
        for name, digest in entry["sha256"].items()
    }
    found = {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "LICENSE"
    }
    assert found == listed
    assert listed


def test_each_package_is_pinned_and_brings_its_licence() -> None:
    for entry in MANIFEST:
        licence = (ROOT / entry["folder"] / "LICENSE").read_text(encoding="utf-8")
        assert "Copyright" in licence
        assert entry["integrity"].startswith("sha512-")
        assert entry["version"] in (ROOT / "scripts/assets.py").read_text("utf-8")


def test_packed_style_sheets_are_the_plain_ones() -> None:
    packed = sorted(STATIC.rglob("*.gz"))
    assert packed
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_nothing_names_a_file_elsewhere() -> None:
    for path in STATIC.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
        assert [url for url in addresses if not url.startswith("data:")] == [], path
        assert "@import" not in text, path


def address(name: str) -> str:
    return f"/static/vendor/tabler-{MANIFEST[0]['version']}/{name}"


def test_browsers_keep_them_for_ever_and_our_own_for_a_minute(client, db) -> None:
    theirs, ours = (
        client.get(address("tabler.min.css")),
        client.get("/static/housemail/theme.css"),
    )
    for answer in (theirs, ours):
        answer.close()
        assert "Access-Control-Allow-Origin" not in answer
    assert "immutable" in theirs["Cache-Control"]
    assert "max-age=60," in ours["Cache-Control"]


def test_what_a_page_names_is_there(client, db) -> None:
    page = client.get("/account/login/").content.decode()
    named = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert len(named) >= 5
    for path in named:
        answer = client.get(path)
        answer.close()
        assert answer.status_code == 200, path


def test_pages_are_served_the_packed_style_sheet(client, db) -> None:
    answer = client.get(address("tabler.min.css"), headers={"Accept-Encoding": "gzip"})
    answer.close()
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) < 100_000
