"""Kinds of securities; apart from the simulator, so that readers of data need not wait for its kernels."""

from __future__ import annotations

from enum import StrEnum


class SecurityType(StrEnum):
    """LEAN's security types that the simulator knows."""

    EQUITY = "equity"
    INDEX = "index"
    CRYPTO = "crypto"
    FOREX = "forex"
