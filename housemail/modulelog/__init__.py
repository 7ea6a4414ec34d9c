"""The module log: a redacted record of every platform call."""
