"""The host side: data, sweeps and tooling. Never imported by an algorithm."""
