"""``housemail demo``: everything on this machine, filled, and a guided tour of it."""
