"""Whether a host can run a plan: what is measured, what the plan asks for, and what follows."""
