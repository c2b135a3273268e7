"""What is installed beside this interpreter."""

from __future__ import annotations

from importlib.metadata import distributions
from importlib.util import find_spec

from packaging.utils import canonicalize_name


def packages() -> dict[str, str]:
    """Versions by the normal form of names; of a package that is there twice, the one that is imported."""
    found: dict[str, str] = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(canonicalize_name(name), distribution.version)
    return dict(sorted(found.items()))


def has_talib() -> bool:
    """Whether TA-Lib can be imported."""
    return find_spec("talib") is not None
