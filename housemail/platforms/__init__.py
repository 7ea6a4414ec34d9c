"""Mail platforms: one folder per vendor; no Django and no model of ours in here."""
