"""What a host's figures mean for a plan: one question a file, each a pure function of profile and plan."""
