"""What computes the technical indicators?"""

from __future__ import annotations

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "indicators"


def find_indicators(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """TA-Lib, or the compiled kernels of this workspace, which are tested against it."""
    if profile.talib:
        return ok(SUBJECT, "TA-Lib is there")
    if plan.talib == "optional":
        return ok(
            SUBJECT,
            "no TA-Lib, none needed: the compiled kernels here have RSI, MACD, stochastic, ADX and CCI",
        )
    return Finding(
        SUBJECT,
        Level.BLOCKER,
        "no TA-Lib, which the plan requires",
        "technical indicators cannot be computed",
        "pip install TA-Lib, or set talib: optional for the compiled kernels here",
    )
