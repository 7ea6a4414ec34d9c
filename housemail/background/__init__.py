"""The engine: what runs when, outside any request. Each workflow calls a verb."""
