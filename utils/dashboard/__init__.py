"""The page at http://localhost:3001/cluster: sweeps as they go, and buttons that start and stop them.

What it shows comes from the stores themselves and from the lock beside each, never from memory: a dashboard
that is restarted shows the same. What it starts are processes of their own that outlive it.
"""
