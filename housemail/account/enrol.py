"""Make an account for somebody; the work is done in people/, for every door."""

from housemail.people.enrol import SecondFactor, enrol, give_second_factor

__all__ = ["SecondFactor", "enrol", "give_second_factor"]
