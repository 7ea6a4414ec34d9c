"""PolarisMail / EmailArray: the wire, its mapping to our words, and notes."""
