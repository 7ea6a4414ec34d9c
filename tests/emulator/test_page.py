"""The page for people: content, escaping, structure."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest


class Outline(HTMLParser):
    """What an accessibility check would look at."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.inline: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label":
            self.labels.add(values["for"])
        if tag in {"input", "select"} and values.get("type") != "hidden":
            self.fields.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        bad = [k for k in values if k == "style" or k.startswith("on")]
        self.inline += bad + ([tag] if tag in {"script", "style"} else [])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def page(emu, fetch):
    def read(path="/"):
        answer = fetch("GET", emu.control_url + path)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        return answer.body.decode()

    return read


@pytest.fixture
def lived_in(emu, wire):
    emu.seed_mailbox("thexyz.com", "bob", uname="Bob Example", quota_mb=5000)
    emu.seed_alias("thexyz.com", "sales", "bob@thexyz.com")
    emu.seed_list("thexyz.com", "team", ["ext@other.example"])
    emu.state.domains["thexyz.com"].forwards["bob"] = ["copy@other.example"]
    wire.add("anna", password="Hush!hush42")
    emu.switch_on("latency", seconds=0.01, action="addAlias")


def test_it_shows_what_there_is(page, lived_in):
    text = page()
    for wanted in (
        "imitation",
        "Bob Example",
        "0 of 5000 MB",
        "sales",
        "bob@thexyz.com",
        "ext@other.example",
        "copy@other.example",
        "addUser",
        "seconds=0.01",
        "action=addAlias",
    ):
        assert wanted in text, wanted
    assert "Hush!hush42" not in text


def test_it_is_well_formed_labelled_and_without_inline_code(page, lived_in):
    outline = Outline()
    outline.feed(page())
    assert outline.open == []
    assert outline.inline == []
    assert set(outline.fields) <= outline.labels
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    anchors = {link[1:] for link in outline.links if link.startswith("#")}
    assert anchors <= set(outline.ids)


def test_everything_from_outside_is_escaped(emu, wire, page):
    emu.seed_mailbox("thexyz.com", "bob", uname="<script>alert(1)</script>")
    emu.seed_alias("thexyz.com", "sales", '"><img src=x>@evil.example')
    wire.raw("<i>action</i>", **{"<u>key</u>": "<s>value</s>"})
    text = page()
    for wrong in ("<script", "<img", "<i>", "<u>", "<s>"):
        assert wrong not in text


def test_one_domain_can_be_looked_at(emu, page):
    emu.seed_big("thexyz.com", 150)
    assert "50 more are not shown" in page()
    text = page("/?domain=thexyz.com")
    assert "user00149" in text
    assert "<h3>thexyz.ca</h3>" not in text
    assert "There is no such domain here" in page("/?domain=nowhere.example")


def test_headers_and_style_sheet(emu, fetch):
    answer = fetch("GET", emu.page_url)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    css = fetch("GET", emu.control_url + "/page.css")
    assert css.headers["Content-Type"].startswith("text/css")
    assert b"prefers-color-scheme: dark" in css.body
