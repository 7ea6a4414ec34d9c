"""``housemail demo``: everything on this machine, and a guided tour of it."""
