"""Free names like one that is not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from housemail.mailboxes.rules import clean_handle, is_reserved
from housemail.mailboxes.suggestions import suggest

few = settings(derandomize=True, max_examples=300, deadline=None, database=None)
HANDLES = st.from_regex(r"[a-z0-9]([a-z0-9_-]|\.(?!\.)){0,20}[a-z0-9]", fullmatch=True)


class TestSuggestions:
    NAMES = frozenset({"support", "bobsmith", "michael3"})

    def test_three_of_the_kind_people_expect(self):
        assert suggest("michael", lambda _: set(), self.NAMES) == [
            "michael2",
            "michael4",
            "michael5",
        ]
        assert suggest("bob.smith", lambda _: {"bob-smith"}, self.NAMES) == [
            "smith.bob",
            "bob.smith2",
            "bob.smith3",
        ]
        assert suggest("bob7", lambda _: set(), self.NAMES)[0] == "bob7.2"

    def test_a_reserved_name_gets_them_too(self):
        assert len(suggest("support", lambda _: set(), self.NAMES)) == 3

    @few
    @given(HANDLES | st.just("a" * 64) | st.just("a" * 61 + ".b"), st.integers(0, 60))
    def test_free_valid_unreserved_and_asked_at_most_twice(self, handle, full):
        asked = []

        def taken(names):
            asked.append(names)
            return set(names[:full]) if len(asked) == 1 else set()

        found = suggest(handle, taken, self.NAMES)
        assert len(found) == len(set(found)) == 3
        assert len(asked) <= 2
        for name in found:
            assert clean_handle(name) == name != handle
            assert not is_reserved(name, self.NAMES)
            assert not any(name in names[:full] for names in asked[:1])
        asked.clear()
        assert suggest(handle, taken, self.NAMES) == found

    def test_when_all_are_taken_there_are_none(self):
        assert suggest("michael", set, self.NAMES) == []
