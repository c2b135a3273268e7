"""Things done at set times: date rules, time rules, scheduled events."""
