"""The shell: management commands."""
