"""Commands of scripts/sweep.py that are long enough for files of their own, and the options they share."""
