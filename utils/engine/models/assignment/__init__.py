"""When options held short are assigned."""
