"""What a scan found: a verdict on every candidate, and the accepted ones in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Checks = tuple[tuple[NDArray[np.bool_], str], ...]
"""What rules a candidate out, in order of precedence: where it does, and why in words."""

ACCEPTED = -1


@dataclass(frozen=True)
class Findings:
    """Verdicts on n candidates.

    Attributes:
        ranked: indices of the accepted, the best first; ties keep the order of the candidates.
        score: (n,) what ranks them, higher is better; NaN for those ruled out.
        reasons: one text a candidate: why it was accepted, or the first thing that rules it out.
    """

    ranked: NDArray[np.intp]
    score: NDArray[np.float64]
    reasons: tuple[str, ...]

    def accepted(self, index: int) -> bool:
        """Whether a candidate passed every check."""
        return not np.isnan(self.score[index])

    def rejections(self) -> dict[str, int]:
        """How many candidates each reason ruled out, the most frequent first."""
        found: dict[str, int] = {}
        for index, reason in enumerate(self.reasons):
            if not self.accepted(index):
                found[reason] = found.get(reason, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def judged(checks: Checks, score: NDArray[np.float64], accepted: tuple[str, ...]) -> Findings:
    """Findings from checks.

    Args:
        checks: (n,) masks of what rules a candidate out; the first that holds is its reason.
        score: (n,) what ranks the candidates; one without a finite score must be ruled out by a check.
        accepted: the reason of each candidate in case it passes.

    Raises:
        ValueError: a candidate passes every check without a finite score.
    """
    verdict = np.full(len(score), ACCEPTED)
    for number in range(len(checks) - 1, -1, -1):
        verdict[checks[number][0]] = number
    passed = verdict == ACCEPTED
    if not np.isfinite(score[passed]).all():
        raise ValueError("a candidate passes every check without a finite score")
    ranked = np.argsort(np.where(passed, -score, np.inf), kind="stable")[: int(passed.sum())]
    reasons = tuple(
        text if number == ACCEPTED else checks[number][1]
        for number, text in zip(verdict.tolist(), accepted, strict=True)
    )
    return Findings(ranked, np.where(passed, score, np.nan), reasons)
