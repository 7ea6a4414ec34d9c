"""Housemail sells single mailboxes on house domains and runs them for life."""

__version__ = "0.1.0"
