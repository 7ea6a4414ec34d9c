"""Where account tests look for it; see people/enrol.py."""

from housemail.people.enrol import SecondFactor, enrol, give_second_factor

__all__ = ["SecondFactor", "enrol", "give_second_factor"]
