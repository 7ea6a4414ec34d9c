"""Plans, whatever a billing system may send."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import event, given, settings
from hypothesis import strategies as st

from housemail.mailboxes.errors import Invalid
from housemail.mailboxes.plan import Plan

few = settings(derandomize=True, max_examples=300, deadline=None, database=None)
KEYS = [
    "allowed_domains",
    "account_type",
    "quota_gb",
    "max_aliases",
    "allow_external_forwards",
    "timezone",
    "date_format",
    "language",
    "max_lists",
    "enable_aliases",
    "enable_lists",
    "allow_external_list_members",
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=30),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["1|Basic", "25|25 GB", "25 GB", "on", "0", "thexyz.com,x"]),
)


@few
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, VALUES)),
    st.fixed_dictionaries(
        {}, optional={"Account Type": VALUES, "Mailbox Quota (GB)": VALUES}
    ),
)
def test_lenient_never_raises_and_agrees_with_parse(plan, options):
    found = Plan.lenient(plan, options)
    assert 0 < found.quota_gb <= 10_000
    assert found.max_aliases >= 0
    assert found.max_lists >= 0
    assert ZoneInfo(found.localisation.timezone).key == found.localisation.timezone
    try:
        parsed = Plan.parse(plan, options)
    except Invalid as refusal:
        event(refusal.field)
    else:
        assert parsed == found


@few
@given(st.decimals(Decimal("0.001"), Decimal(10_000), places=3))
def test_a_quota_keeps_its_value_in_every_spelling(quota):
    for value in (quota, str(quota), f"{quota} GB", f"{quota}|{quota}GB"):
        assert Plan.parse({"quota_gb": value}, {}).quota_gb == quota
