"""Prices are added up where the texts say the same around their one number."""

from __future__ import annotations

import pytest

from housemail.sales import prices


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (["€4 / month"], "€4 / month"),
        (["€4 / month", "€2 / month", "€5 / month"], "€11 / month"),
        (["€4 / month", "€2/month"], "€6 / month"),
        (["€4.50 / month", "€2 / month"], "€6.50 / month"),
        (["4,50 € im Monat", "2,25 € im Monat"], "6,75 € im Monat"),
        (["9 USD", "1 USD"], "10 USD"),
    ],
)
def test_equal_words_around_one_number_are_added(texts, total):
    assert prices.total(texts) == total


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["free", "€2 / month"],
        ["€4 / month", "$2 / month"],
        ["€4 / month", "€20 / year"],
        ["€4 for 12 months", "€2 for 12 months"],
        ["€1.000", "€2.000"],
        ["€1,5", "€2"],
        ["€4.50", "€2,50"],
        ["10% off", "10% off"],
        ["-€4", "-€2"],
    ],
)
def test_what_would_be_a_guess_has_no_total(texts):
    assert prices.total(texts) == ""


def test_the_whole_price_says_the_total_first():
    assert prices.said([]) == ""
    assert prices.said(["€4 / month"]) == "€4 / month"
    assert prices.said(["€4 / month", "€2 / month"]) == (
        "€6 / month (€4 / month + €2 / month)"
    )
    assert prices.said(["€4 / month", "€9 once"]) == "€4 / month + €9 once"
