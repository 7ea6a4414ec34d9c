"""Who may order from us (installations, their keys) and on which server."""
