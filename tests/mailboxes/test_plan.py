"""Plans: what billing systems send, and what it means."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from housemail.mailboxes.errors import Invalid
from housemail.mailboxes.plan import DATE_FORMATS, LANGUAGES, Plan
from housemail.platforms.base import AccountType, Localisation

BASIC, ENHANCED = AccountType.BASIC, AccountType.ENHANCED
ALL_DEFAULTS = Plan(
    allowed_domains=(),
    account_type=BASIC,
    quota_gb=Decimal(25),
    max_aliases=25,
    allow_external_forwards=False,
    localisation=Localisation("en", "America/Montreal", "yyyy-mm-dd"),
    max_lists=5,
    enable_aliases=True,
    enable_lists=True,
    allow_external_list_members=True,
)
# Key, label, attribute as read from a plan.
LABELS = {
    "allowed_domains": "Allowed Domains CSV",
    "account_type": "Default Account Type",
    "quota_gb": "Default Quota GB",
    "max_aliases": "Max Aliases",
    "allow_external_forwards": "Allow External Forwards",
    "timezone": "Default Timezone",
    "date_format": "Default Date Format",
    "language": "Default Language",
    "max_lists": "Max Distribution Lists",
    "enable_aliases": "Enable Aliases",
    "enable_lists": "Enable Distribution Lists",
    "allow_external_list_members": "Allow External List Members",
}


def name(value):
    """Tell 1 from "1" in the name of a test."""
    return repr(value)[:40]


def read(key, value):
    plan = Plan.parse({key: value}, {})
    owner = plan if hasattr(plan, key) else plan.localisation
    return getattr(owner, key)


def refused(plan, options=None):
    with pytest.raises(Invalid) as caught:
        Plan.parse(plan, options or {})
    assert caught.value.code == "setting_invalid"
    Plan.lenient(plan, options or {})
    return caught.value


class TestTheSheet:
    def test_its_examples(self):
        plan = Plan.parse(
            {
                "allowed_domains": "thexyz.com,thexyz.ca,thexyz.cn",
                "account_type": "1|Basic",
                "quota_gb": "25",
                "max_aliases": "25",
                "allow_external_forwards": "",
                "timezone": "America/Montreal",
                "date_format": "yyyy-mm-dd",
                "language": "en",
                "max_lists": "5",
            },
            {},
        )
        assert plan.allowed_domains == ("thexyz.com", "thexyz.ca", "thexyz.cn")
        assert plan == Plan(allowed_domains=plan.allowed_domains)

    @pytest.mark.parametrize("label", ["10", "25", "50", "100"])
    def test_its_quota_options(self, label):
        plan = Plan.parse({"quota_gb": "5"}, {"Mailbox Quota (GB)": label})
        assert plan.quota_gb == Decimal(label)

    @pytest.mark.parametrize(
        ("label", "kind"), [("Basic", BASIC), ("Enhanced", ENHANCED)]
    )
    def test_its_account_type_options(self, label, kind):
        assert Plan.parse({}, {"Account Type": label}).account_type is kind

    @pytest.mark.parametrize("code", ["en", "pt-br", "id", "es", "de", "fr"])
    def test_its_languages(self, code):
        assert read("language", code) == code

    def test_zero_means_unlimited(self):
        assert read("max_aliases", "0") == 0
        assert read("max_lists", 0) == 0


class TestDefaults:
    @pytest.mark.parametrize("empty", ["", "  ", None, []])
    def test_empty_takes_the_default(self, empty):
        options = {"Account Type": empty, "Mailbox Quota (GB)": empty}
        assert Plan.parse(dict.fromkeys(LABELS, empty), options) == ALL_DEFAULTS
        assert Plan.lenient(dict.fromkeys(LABELS, empty), options) == ALL_DEFAULTS

    def test_absent_takes_the_default(self):
        assert Plan.parse({}, {}) == ALL_DEFAULTS == Plan()

    def test_unknown_keys_are_ignored(self):
        assert Plan.parse({"colour": object()}, {"Colour": "red"}) == ALL_DEFAULTS

    def test_a_plan_does_not_change(self):
        with pytest.raises(FrozenInstanceError):
            Plan().max_lists = 6  # type: ignore[misc]


class TestSpellings:
    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ("1", BASIC),
            (1, BASIC),
            (1.0, BASIC),
            ("1|Basic", BASIC),
            ("basic", BASIC),
            ("BASIC", BASIC),
            ("2", ENHANCED),
            (2, ENHANCED),
            ("2|Enhanced", ENHANCED),
            (" 2 | Enhanced ", ENHANCED),
            ("Enhanced|Enhanced mailbox", ENHANCED),
            ("17|Enhanced", ENHANCED),
            ("eNhAnCeD", ENHANCED),
        ],
        ids=name,
    )
    def test_account_types(self, value, kind):
        assert read("account_type", value) is kind
        assert Plan.parse({}, {"Account Type": value}).account_type is kind

    @pytest.mark.parametrize(
        ("value", "quota"),
        [
            ("25", "25"),
            (25, "25"),
            (25.0, "25"),
            (0.5, "0.5"),
            (Decimal("2.50"), "2.5"),
            ("25 GB", "25"),
            ("25GB", "25"),
            ("25 gb", "25"),
            ("25G", "25"),
            ("25|25 GB", "25"),
            ("25|Twenty-five", "25"),
            ("25 GB|25 GB (+5.00)", "25"),
            ("025", "25"),
            ("25.000", "25"),
            ("100", "100"),
            ("0.001", "0.001"),
            ("10000", "10000"),
        ],
        ids=name,
    )
    def test_quotas(self, value, quota):
        found = Plan.parse({}, {"Mailbox Quota (GB)": value}).quota_gb
        assert found == read("quota_gb", value)
        assert str(found) == quota

    @pytest.mark.parametrize(
        ("value", "limit"),
        [("25", 25), (25, 25), (25.0, 25), ("25|25 aliases", 25), ("0|Unlimited", 0)],
        ids=name,
    )
    @pytest.mark.parametrize("key", ["max_aliases", "max_lists"])
    def test_limits(self, key, value, limit):
        assert read(key, value) == limit

    @pytest.mark.parametrize("key", [k for k in LABELS if k.startswith(("a", "e"))][2:])
    @pytest.mark.parametrize(
        ("value", "on"),
        [
            ("on", True),
            ("1", True),
            (1, True),
            ("Yes", True),
            (True, True),
            ("true", True),
            ("1|Yes", True),
            ("off", False),
            ("0", False),
            (0, False),
            ("NO", False),
            (False, False),
            ("0|No", False),
        ],
        ids=name,
    )
    def test_switches(self, key, value, on):
        assert read(key, value) is on

    @pytest.mark.parametrize(
        ("value", "zone"),
        [
            ("America/Montreal", "America/Montreal"),
            ("america/montreal", "America/Montreal"),
            ("AMERICA/NEW YORK", "America/New_York"),
            ("utc", "UTC"),
            ("Europe/Berlin|Berlin", "Europe/Berlin"),
            (" Etc/GMT+5 ", "Etc/GMT+5"),
        ],
    )
    def test_time_zones(self, value, zone):
        assert read("timezone", value) == zone
        assert ZoneInfo(zone).key == zone

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("pt_BR", "pt-br"),
            ("EN", "en"),
            ("id|Bahasa Indonesia", "id"),
            ("de|Deutsch", "de"),
        ],
    )
    def test_languages(self, value, code):
        assert read("language", value) == code
        assert code in LANGUAGES

    def test_date_formats(self):
        wanted = {
            mark.join(order)
            for mark in "-/."
            for order in permutations(["yyyy", "mm", "dd"])
        }
        assert set(DATE_FORMATS) == wanted
        assert len(wanted) == 18
        for value in wanted:
            assert read("date_format", value.upper()) == value

    @pytest.mark.parametrize(
        "value",
        [" TheXYZ.com , thexyz.ca,thexyz.com,", ["thexyz.com", "thexyz.ca"]],
    )
    def test_domains(self, value):
        assert read("allowed_domains", value) == ("thexyz.com", "thexyz.ca")


def test_a_number_of_any_length_is_refused_not_printed():
    refused({"quota_gb": 10**5000})


class TestOptionsOverride:
    def test_when_present_and_not_empty(self):
        plan = {"account_type": "2", "quota_gb": "10"}
        found = Plan.parse(plan, {"Account Type": "", "Mailbox Quota (GB)": None})
        assert (found.account_type, found.quota_gb) == (ENHANCED, Decimal(10))
        found = Plan.parse(plan, {"Account Type": "1", "Mailbox Quota (GB)": "50 GB"})
        assert (found.account_type, found.quota_gb) == (BASIC, Decimal(50))

    def test_a_setting_that_does_not_apply_is_not_judged(self):
        found = Plan.parse({"quota_gb": "lots"}, {"Mailbox Quota (GB)": "50"})
        assert found.quota_gb == Decimal(50)

    @pytest.mark.parametrize("label", ["account type", "Mailbox Quota", "quota_gb"])
    def test_names_match_exactly(self, label):
        assert Plan.parse({}, {label: "99"}) == ALL_DEFAULTS


class TestRefusals:
    @pytest.mark.parametrize("key", LABELS)
    @pytest.mark.parametrize("value", ["?!", {"a": 1}, b"on", -3, "1e3", "٣", "|"])
    def test_name_the_setting_and_the_fix(self, key, value):
        found = refused({key: value})
        assert found.field == key
        assert found.params["setting"] == LABELS[key]
        assert found.params["fix"]
        assert found.detail.startswith(f"{LABELS[key]}: ")
        assert Plan.lenient({key: value}, {}) == ALL_DEFAULTS

    @pytest.mark.parametrize(
        ("option", "key"),
        [("Account Type", "account_type"), ("Mailbox Quota (GB)", "quota_gb")],
    )
    def test_name_the_option(self, option, key):
        found = refused({key: "2"}, {option: "Gold"})
        assert found.field == key
        assert found.detail.startswith(f"{option}: Gold is not valid. Use ")

    @pytest.mark.parametrize(
        "value",
        [
            "0",
            0,
            "-1",
            "10000.001",
            "10001",
            "0.0001",
            "1,5",
            "25 MB",
            "1 TB",
            "unlimited",
            "+25",
            "NaN",
            float("nan"),
            float("inf"),
            1e300,
            10**4000,
            Decimal("Infinity"),
            Decimal("sNaN"),
            True,
            "5120|5 GB",
            "9" * 5000,
        ],
        ids=name,
    )
    def test_quotas(self, value):
        assert refused({"quota_gb": value}).field == "quota_gb"

    @pytest.mark.parametrize(
        "value", ["-1", "2.5", 2.5, "many", True, "1000001"], ids=name
    )
    def test_limits(self, value):
        refused({"max_aliases": value})
        refused({"max_lists": value})

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("account_type", "3"),
            ("account_type", "0"),
            ("account_type", "1|Enhanced"),
            ("account_type", True),
            ("allow_external_forwards", "2"),
            ("allow_external_forwards", "maybe"),
            ("timezone", "Mars/Olympus"),
            ("timezone", "../../etc/passwd"),
            ("timezone", "Factory"),
            ("timezone", "posixrules"),
            ("language", "pt"),
            ("language", "english"),
            ("date_format", "yyyy-mm"),
            ("date_format", "yyyy-mm/dd"),
            ("date_format", "yyyy-mm-mm"),
            ("date_format", "Y-m-d"),
            ("date_format", "yyyy mm dd"),
        ],
    )
    def test_others(self, key, value):
        assert refused({key: value}).field == key

    def test_a_bad_domain_is_named_alone(self):
        found = refused({"allowed_domains": "thexyz.com, nodot"})
        assert found.params["value"] == "nodot"

    def test_long_and_strange_values_are_cut(self):
        found = refused({"language": "x\n" * 500})
        assert len(found.params["value"]) == 100
        assert "\n" not in found.detail

    def test_of_wrong_domains_the_right_ones_stay(self):
        found = Plan.lenient({"allowed_domains": "a b, thexyz.com, x@y, thexyz.ca"}, {})
        assert found.allowed_domains == ("thexyz.com", "thexyz.ca")
