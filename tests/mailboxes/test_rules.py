"""Handles, reserved names and domains."""

import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from housemail.mailboxes.errors import Invalid
from housemail.mailboxes.rules import (
    choose_domain,
    clean_domain,
    clean_handle,
    is_reserved,
    parse_domains,
    quarantine_allowance,
    shown,
    skeleton,
    split_address,
)

few = settings(derandomize=True, max_examples=300, deadline=None, database=None)
HANDLES = st.from_regex(r"[a-z0-9]([a-z0-9_-]|\.(?!\.)){0,20}[a-z0-9]", fullmatch=True)
HANDLE_ALPHABET = set("abcdefghijklmnopqrstuvwxyz0123456789._-")
WIDE = {chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F) if chr(n).isalnum()}


def refused(code, call, *args, **kwargs):
    with pytest.raises(Invalid) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code
    assert "{" not in caught.value.detail
    return caught.value


class TestHandle:
    @pytest.mark.parametrize(
        ("raw", "handle"),
        [
            ("michael", "michael"),
            ("testuser", "testuser"),
            (" Bob ", "bob"),
            ("BOB", "bob"),
            ("\uff22\uff4f\uff42", "bob"),  # full-width
            ("\uff22o\uff42\uff17", "bob7"),
            ("a", "a"),
            ("7", "7"),
            ("a.b_c-d", "a.b_c-d"),
            ("a--b__c", "a--b__c"),
            ("a._-b", "a._-b"),
            ("\u3000anna\u00a0", "anna"),
            ("a" * 64, "a" * 64),
        ],
    )
    def test_good_ones_are_folded(self, raw, handle):
        assert clean_handle(raw) == handle

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            ("", "handle_empty"),
            ("   ", "handle_empty"),
            ("a" * 65, "handle_too_long"),
            ("a" * 1_000_000, "handle_too_long"),
            ("é" * 65, "handle_too_long"),
            (".a", "handle_malformed"),
            ("a.", "handle_malformed"),
            ("-a", "handle_malformed"),
            ("a_", "handle_malformed"),
            ("_", "handle_malformed"),
            ("a..b", "handle_malformed"),
            ("a b", "handle_malformed"),
            ("a+b", "handle_malformed"),
            ("a@b", "handle_malformed"),
            ("a\uff20b", "handle_malformed"),  # full-width "@"
            ("a\uff0eb", "handle_malformed"),  # full-width "."
            ("a\u2024b", "handle_malformed"),  # one dot leader
            ("a\u2025b", "handle_malformed"),  # two dot leader
            ("bob\n", "handle_malformed"),
            ("\tbob", "handle_malformed"),
            ("bob\r\nbcc", "handle_malformed"),
            ("bo\x00b", "handle_malformed"),
            ("bob\x00", "handle_malformed"),
            ("bo\u200bb", "handle_malformed"),
            ("bo\u00adb", "handle_malformed"),
            ("\u212aim", "handle_malformed"),  # Kelvin sign, lower() says "k"
            ("\u0130an", "handle_malformed"),  # dotted capital I
            ("müller", "handle_malformed"),
            ("\u0430nna", "handle_malformed"),  # Cyrillic
            ("\ufb01le", "handle_malformed"),  # ligature "fi"
            ("¹st", "handle_malformed"),
            ("٣abc", "handle_malformed"),  # Arabic digit
            ("bob\ud800", "handle_malformed"),
        ],
    )
    def test_bad_ones_are_refused_with_a_sentence(self, raw, code):
        assert refused(code, clean_handle, raw).field == "handle"

    @few
    @given(st.text(max_size=80))
    @example("\u2024")
    def test_whatever_gets_in_was_typed(self, raw):
        try:
            handle = clean_handle(raw)
        except Invalid:
            return
        assert set(handle) <= HANDLE_ALPHABET
        assert handle == unicodedata.normalize("NFKC", raw).strip().lower()
        assert handle[0].isalnum()
        assert handle[-1].isalnum()
        assert ".." not in handle
        assert 1 <= len(handle) <= 64
        assert clean_handle(handle) == handle

    @few
    @given(HANDLES, st.data())
    def test_every_spelling_of_one_name_is_one_name(self, handle, data):
        def spell(letter):
            wide = WIDE.get(letter, letter)
            upper = WIDE.get(letter.upper(), letter)
            return data.draw(st.sampled_from([letter, letter.upper(), wide, upper]))

        assert clean_handle("".join(map(spell, handle))) == handle


class TestSplitAddress:
    @pytest.mark.parametrize(
        ("typed", "pair"),
        [
            (("michael@thexyz.com",), ("michael", "thexyz.com")),
            (("michael", "thexyz.com"), ("michael", "thexyz.com")),
            (("michael",), ("michael", "")),
            (("Michael@TheXYZ.com.", "thexyz.COM"), ("Michael", "thexyz.com")),
            ((" michael@thexyz.com ", "  "), ("michael", "thexyz.com")),
            (("@thexyz.com",), ("", "thexyz.com")),
            (("", ""), ("", "")),
            (("a@bücher.example",), ("a", "xn--bcher-kva.example")),
        ],
    )
    def test_splits(self, typed, pair):
        assert split_address(*typed) == pair

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            (("a@b@thexyz.com",), "handle_malformed"),
            (("a@@thexyz.com",), "handle_malformed"),
            (("a@",), "handle_malformed"),
            (("a@ ", "thexyz.com"), "handle_malformed"),
            (("a@nodot",), "domain_malformed"),
            (("a", "not a domain"), "domain_malformed"),
            (("a@thexyz.com", "thexyz.ca"), "domain_conflict"),
        ],
    )
    def test_refuses(self, typed, code):
        refused(code, split_address, *typed)

    def test_a_conflict_names_both(self):
        found = refused("domain_conflict", split_address, "a@thexyz.com", "thexyz.ca")
        assert "thexyz.com" in found.detail
        assert "thexyz.ca" in found.detail

    def test_a_wide_at_sign_splits_nothing(self):
        handle, domain = split_address("bob\uff20thexyz.com")
        assert domain == ""
        refused("handle_malformed", clean_handle, handle)


class TestReserved:
    NAMES = frozenset({"postmaster", "noreply", "admin"})

    @pytest.mark.parametrize(
        "handle",
        [
            "post.master",
            "no_reply",
            "no-reply",
            "noreply",
            "p-o-s-t-m-a-s-t-e-r",
            "a.d_m-i.n",
            "POSTMASTER",
        ],
    )
    def test_the_separator_does_not_matter(self, handle):
        assert is_reserved(handle, self.NAMES)

    @pytest.mark.parametrize(
        "handle", ["postmaster1", "adm1n", "p0stmaster", "michael", "administration"]
    )
    def test_digits_and_longer_names_are_other_names(self, handle):
        assert not is_reserved(handle, self.NAMES)

    @few
    @given(HANDLES)
    def test_a_skeleton_has_no_separator_and_is_stable(self, handle):
        bare = skeleton(handle)
        assert set(bare) <= HANDLE_ALPHABET - set("._-")
        assert skeleton(bare) == bare
        assert is_reserved(handle, frozenset({bare}))


class TestDomain:
    @pytest.mark.parametrize(
        ("raw", "domain"),
        [
            ("thexyz.com", "thexyz.com"),
            (" TheXYZ.com. ", "thexyz.com"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("\uff34hexyz\uff0ecom", "thexyz.com"),
            ("straße.de", "xn--strae-oqa.de"),
            ("a--b.co.uk", "a--b.co.uk"),
            ("1.example", "1.example"),
            (".".join(["a" * 63] * 3) + "." + "b" * 61, None),
        ],
    )
    def test_good_ones(self, raw, domain):
        assert clean_domain(raw) == (domain or raw)

    @pytest.mark.parametrize(
        "raw",
        [
            "",
            ".",
            "com",
            "localhost",
            "a..b",
            ".thexyz.com",
            "thexyz.com..",
            "-a.com",
            "a-.com",
            "a_b.com",
            "a b.com",
            "bob@thexyz.com",
            "thexyz.com@evil.com",
            "https://",
            "//thexyz.com",
            "https:thexyz.com",
            "https://thexyz.com:443/",
            "https://bob@thexyz.com/",
            "https://http://thexyz.com",
            "https://thexyz.com\\path",
            "127.0.0.1",
            "[::1]",
            "thexyz.com\n",
            "thexyz\x00.com",
            "a" * 64 + ".com",
            ".".join(["a" * 63] * 3) + "." + "b" * 62,
            "ü" * 300 + ".com",
            "ü" * 60 + ".com",
            "xn--a.com",
            "xn--.com",
            "\ud800.com",
            "℀.com",
            "a\u2488com",  # "1." in one character
        ],
    )
    def test_bad_ones(self, raw):
        found = refused("domain_malformed", clean_domain, raw, field="Hostname")
        assert found.detail.endswith("Correct Hostname.")
        assert "\n" not in found.detail
        assert "\x00" not in found.detail

    @pytest.mark.parametrize(
        ("raw", "domain"),
        [
            ("https://TheXYZ.com/", "thexyz.com"),
            ("HTTP://thexyz.com/path", "thexyz.com"),
            (" https://thexyz.com./a/b?c=d#e ", "thexyz.com"),
            ("thexyz.com/", "thexyz.com"),
            ("thexyz.com?x", "thexyz.com"),
            ("HTTPS://B\u00dccher.example/", "xn--bcher-kva.example"),
            ("https://www.thexyz.com/", "www.thexyz.com"),
        ],
    )
    def test_of_a_web_address_the_host_is_meant(self, raw, domain):
        assert clean_domain(raw) == domain
        assert parse_domains(f"{raw},thexyz.ca") == (domain, "thexyz.ca")
        assert split_address("anna", raw) == ("anna", domain)

    @few
    @given(
        st.sampled_from(["", "https://", "HTTP://", "ftp://", "svn+ssh://"]),
        st.from_regex(r"(www\.)?[a-z][a-z0-9]{0,9}\.[a-z]{2,6}\.?", fullmatch=True),
        st.just("") | st.builds("{}{}".format, st.sampled_from("/?#"), st.text()),
    )
    def test_scheme_and_path_never_change_the_domain(self, scheme, host, path):
        assert clean_domain(f"{scheme}{host.upper()}{path}") == host.removesuffix(".")

    @few
    @given(st.text(max_size=80))
    def test_what_gets_in_is_plain_and_stable(self, raw):
        try:
            domain = clean_domain(raw)
        except Invalid:
            return
        assert domain.isascii()
        assert set(domain) <= HANDLE_ALPHABET - {"_"}
        assert clean_domain(domain) == domain

    def test_the_list_of_the_sheet(self):
        found = parse_domains("thexyz.com,thexyz.ca,thexyz.cn")
        assert found == ("thexyz.com", "thexyz.ca", "thexyz.cn")

    @pytest.mark.parametrize(
        ("csv", "domains"),
        [
            ("", ()),
            (" , ,; ", ()),
            (" TheXYZ.com ,, thexyz.ca.;thexyz.com\n", ("thexyz.com", "thexyz.ca")),
            ("bücher.de XN--BCHER-KVA.de", ("xn--bcher-kva.de",)),
        ],
    )
    def test_lists_are_tidied(self, csv, domains):
        assert parse_domains(csv) == domains

    def test_a_bad_entry_is_named(self):
        found = refused("domain_malformed", parse_domains, "thexyz.com,nodot")
        assert found.detail == (
            "nodot is not a domain name. Correct Allowed Domains CSV."
        )


class TestChooseDomain:
    TWO = ("thexyz.com", "thexyz.ca")

    def test_the_only_allowed_one_is_used(self):
        assert choose_domain("", ("thexyz.com",)) == "thexyz.com"
        assert choose_domain(" ", ("thexyz.com",)) == "thexyz.com"

    def test_a_requested_one_must_be_allowed(self):
        assert choose_domain("THEXYZ.ca.", self.TWO) == "thexyz.ca"
        found = refused("domain_not_allowed", choose_domain, "evil.com", self.TWO)
        assert found.detail == (
            "Domain not allowed: evil.com is not in Allowed Domains CSV. Add it to the "
            "list or choose an approved domain."
        )
        refused("domain_not_allowed", choose_domain, "sub.thexyz.com", self.TWO)
        refused("domain_not_allowed", choose_domain, "thexyz.com", ())

    @pytest.mark.parametrize("allowed", [(), TWO])
    def test_none_found_is_said_in_the_words_of_the_sheet(self, allowed):
        found = refused("domain_missing", choose_domain, "", allowed)
        assert found.detail == (
            "No domain found. Enter a domain on the service, or set only one domain in "
            "Allowed Domains CSV."
        )

    def test_what_is_no_domain_is_no_domain(self):
        refused("domain_malformed", choose_domain, "a b", self.TWO)


class TestLimits:
    @pytest.mark.parametrize(
        ("limit", "allowance"), [(1, 10), (10, 10), (25, 25), (1000, 1000), (0, 600)]
    )
    def test_the_quarantine_always_ends(self, limit, allowance):
        assert quarantine_allowance(limit) == allowance


@few
@given(st.text(max_size=300))
def test_what_a_refusal_repeats_is_one_short_line(raw):
    assume(raw.strip())
    assert len(shown(raw)) <= 100
    assert shown(raw).isprintable()
