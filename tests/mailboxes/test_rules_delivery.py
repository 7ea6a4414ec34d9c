"""Where aliases and lists may deliver."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housemail.mailboxes.errors import Invalid
from housemail.mailboxes.rules import clean_destination, clean_member, parse_members

few = settings(derandomize=True, max_examples=300, deadline=None, database=None)
LISTS = {"team@thexyz.com", "all@thexyz.ca"}
destination = partial(
    clean_destination,
    own="info2@thexyz.com",
    domain="thexyz.com",
    is_list=LISTS.__contains__,
)
member = partial(
    clean_member,
    list_address="crew@thexyz.com",
    domain="thexyz.com",
    is_list=LISTS.__contains__,
)
BAD = [
    "",
    "anna",
    "@thexyz.com",
    "anna@",
    "anna@nodot",
    "a@b@thexyz.com",
    "a b@thexyz.com",
    "a..b@thexyz.com",
    ".a@thexyz.com",
    "a.@thexyz.com",
    '"a b"@thexyz.com',
    "Anna <anna@thexyz.com>",
    "anna@thexyz.com\nbcc@evil.com",
    "anna@thexyz.com\n",
    "an\x00na@thexyz.com",
    "ünna@example.org",
    "\u212aim@example.org",
    "anna\uff20thexyz.com",
    "anna@example.org\uff20thexyz.com",
    "anna@example.org@thexyz.com",
    "anna @thexyz.com",
    "anna@ thexyz.com",
    "anna@[127.0.0.1]",
    "anna@127.0.0.1",
    "anna@https://thexyz.com/",
    "anna@thexyz.com/",
    "anna@thexyz.com?subject=x",
    "anna@thexyz.com#x",
    "anna@thexyz.com,eve@evil.com",
    "a" * 65 + "@example.org",
    "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example.org",
]


def refused(code, call, *args, **kwargs):
    with pytest.raises(Invalid) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code
    assert "{" not in caught.value.detail
    return caught.value


class TestDestination:
    @pytest.mark.parametrize("external", [True, False])
    def test_any_address_of_the_own_domain(self, external):
        found = destination(" Anna@TheXYZ.com. ", allow_external=external)
        assert found == "anna@thexyz.com"
        wide = "\uff41nn\uff21@\uff34hexyz.com"
        assert destination(wide, allow_external=external) == found
        assert destination("Anna+X@thexyz.com", allow_external=external) == (
            "anna+x@thexyz.com"
        )

    @pytest.mark.parametrize(
        ("raw", "address"),
        [
            ("Me@Example.ORG", "me@example.org"),
            ("o'neil+a=b@example.org", "o'neil+a=b@example.org"),
            ("me@bücher.example", "me@xn--bcher-kva.example"),
            ("me@thexyz.ca", "me@thexyz.ca"),
            ("me@sub.thexyz.com", "me@sub.thexyz.com"),
            ("me@notthexyz.com", "me@notthexyz.com"),
        ],
    )
    def test_elsewhere_only_when_allowed(self, raw, address):
        assert destination(raw, allow_external=True) == address
        found = refused("destination_external", destination, raw, allow_external=False)
        assert found.detail == (
            "Aliases may deliver to addresses of thexyz.com only (Allow External "
            "Forwards is off)."
        )

    @pytest.mark.parametrize("external", [True, False])
    @pytest.mark.parametrize("raw", BAD)
    def test_what_is_no_address(self, raw, external):
        found = refused(
            "destination_malformed", destination, raw, allow_external=external
        )
        assert found.field == "destination"

    @pytest.mark.parametrize("external", [True, False])
    @pytest.mark.parametrize("raw", ["Team@thexyz.com", "team+x@thexyz.com"])
    def test_never_a_list(self, raw, external):
        refused("destination_is_list", destination, raw, allow_external=external)

    def test_never_a_list_of_another_house_domain(self):
        refused(
            "destination_is_list", destination, "all@thexyz.ca", allow_external=True
        )

    @pytest.mark.parametrize("raw", ["info2@thexyz.com", "INFO2+again@thexyz.com"])
    def test_never_itself(self, raw):
        refused("destination_is_itself", destination, raw, allow_external=False)

    @few
    @given(st.text(max_size=40))
    def test_nothing_leaves_the_domain_when_off(self, raw):
        for text in (raw, f"{raw}@thexyz.com", f"a@{raw}"):
            try:
                found = destination(text, allow_external=False)
            except Invalid:
                continue
            local, _, domain = found.partition("@")
            assert domain == "thexyz.com"
            assert local
            assert found == found.lower()
            assert found.isascii()
            assert found.isprintable()
            assert " " not in found

    @few
    @given(st.emails())
    def test_ordinary_addresses_are_taken_and_stable(self, raw):
        try:
            found = destination(raw, allow_external=True)
        except Invalid:
            # xn-- labels that decode to nothing are the only ones we refuse.
            assert "xn--" in raw.lower() or len(raw.partition("@")[0]) > 64
            return
        assert found == raw.lower()
        assert destination(found, allow_external=True) == found


class TestMember:
    def test_of_the_domain_and_elsewhere(self):
        assert member("Anna@TheXYZ.com", allow_external=False) == "anna@thexyz.com"
        assert member("Me@Example.org", allow_external=True) == "me@example.org"

    def test_external_ones_follow_the_setting(self):
        found = refused(
            "member_external", member, "me@example.org", allow_external=False
        )
        assert found.detail == (
            "Members must be addresses of thexyz.com (Allow External List Members is "
            "off)."
        )

    @pytest.mark.parametrize("raw", BAD)
    def test_what_is_no_address(self, raw):
        assert (
            refused("member_malformed", member, raw, allow_external=True).field
            == "members"
        )

    @pytest.mark.parametrize(
        "raw",
        ["team@thexyz.com", "team+a@thexyz.com", "crew@thexyz.com", "all@thexyz.ca"],
    )
    def test_never_a_list_nor_itself(self, raw):
        refused("member_is_list", member, raw, allow_external=True)


class TestParseMembers:
    @pytest.mark.parametrize(
        ("raw", "entries"),
        [
            ("", []),
            ([], []),
            (" \r\n,;", []),
            ("a@x.org\nb@x.org", ["a@x.org", "b@x.org"]),
            ("a@x.org, b@x.org;c@x.org\r\n", ["a@x.org", "b@x.org", "c@x.org"]),
            ("b@x.org,A@x.org,a@X.org,b@x.org", ["b@x.org", "A@x.org"]),
            (
                ["a@x.org", " a@x.org ", "c@x.org,d@x.org"],
                ["a@x.org", "c@x.org", "d@x.org"],
            ),
            ("not one, b@x.org", ["not one", "b@x.org"]),
        ],
    )
    def test_entries_once_and_in_order(self, raw, entries):
        assert parse_members(raw) == entries

    def test_as_many_as_a_list_may_have(self):
        full = [f"m{n}@x.org" for n in range(100)]
        assert parse_members("\n".join([*full, *full])) == full
        found = refused("member_batch_limit", parse_members, [*full, "z@x.org"])
        assert found.detail == "Send at most 100 members at once."

    @few
    @given(st.lists(st.sampled_from(["a@x.org", "A@x.org", "b@x.org", "c d", "e"])))
    def test_nothing_is_lost_or_doubled(self, raw):
        found = parse_members(" ; \r\n".join(raw))
        assert [entry.lower() for entry in found] == list(
            dict.fromkeys(entry.lower() for entry in raw)
        )
