"""What differs between the verbs, one file per family; runner.py does the rest."""
