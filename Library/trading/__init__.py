"""Everything that runs inside LEAN, and in the sweep: indicators, strategies and exact simulation."""
