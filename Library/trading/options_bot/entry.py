"""From a scan to a spread: the contract, its credit, how many, and every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from trading.execution.config import ProfitTaking, TwoPartSpread
from trading.execution.leg import Leg
from trading.execution.spread import Spread
from trading.execution.spread_choice import Candidate, Pair, best_credit
from trading.execution.validator import PositionLimits, Proposal, Standing, affordable, refusals
from trading.options_bot.chain import ChainView
from trading.scanners.config import OptionsScanner
from trading.scanners.findings import Findings
from trading.scanners.underpriced import scan_underpriced


@dataclass(frozen=True)
class EntryRules:
    """Settings that an entry obeys."""

    scanner: OptionsScanner
    spread: TwoPartSpread
    exits: ProfitTaking
    limits: PositionLimits


@dataclass(frozen=True)
class Verdict:
    """What became of one candidate.

    Attributes:
        subject: the contract, or the chain.
        kind: ``chain`` for what was found in all, ``scan``, ``spread`` or ``validate``.
        reason: why.
        proposal: what to enter; None: nothing.
    """

    subject: str
    kind: str
    reason: str
    proposal: Proposal | None = None

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.kind == "chain":
            return "scanned"
        return "rejected" if self.proposal is None else "accepted"


Sized = Callable[[Proposal], tuple[int, str]]
"""How many contracts of a proposal sentiment and shedding leave, and why fewer; they can only take off."""


def verdicts(
    ticker: str, view: ChainView, direction: int, rules: EntryRules, standing: Standing, sized: Sized
) -> Iterator[Verdict]:
    """Look at a chain: what each rejection was for, and at most one proposal, which comes last.

    Args:
        direction: +1 calls only, −1 puts only, 0 both.
        standing: the account.
        sized: the last word on how many.
    """
    found = scan_underpriced(view.quotes, rules.scanner)
    yield Verdict(ticker, "chain", _summary(found))
    candidates = [Candidate(row.contract, row.quote) for row in view.rows]
    for index in found.ranked.tolist():
        long = candidates[index]
        subject, why = str(long.contract), found.reasons[index]
        if direction and (long.contract.right == "call") != (direction > 0):
            yield Verdict(subject, "scan", f"{why}; but the share moved the other way")
            continue
        if view.quotes.days_to_expiry[index] <= rules.exits.close_days_before_expiry:
            yield Verdict(subject, "scan", f"{why}; but it expires when positions are closed")
            continue
        pair = best_credit(long, candidates, rules.spread, rules.limits.quote)
        if isinstance(pair, str):
            yield Verdict(subject, "spread", f"{why}; but {pair}")
            continue
        proposal, fewer = _proposal(pair, rules, standing, sized)
        refused = refusals(proposal, standing, rules.limits)
        if refused:
            yield Verdict(subject, "validate", "; ".join((*refused, *fewer)))
            continue
        against = f"{proposal.contracts} against {proposal.short} at {pair.net_natural:.2f} by the quotes"
        yield Verdict(subject, "validate", "; ".join((why, against, *fewer)), proposal)
        return


def spread_of(proposal: Proposal, spread_id: str, rules: TwoPartSpread) -> Spread:
    """A spread that is to be entered."""
    return Spread(
        id=spread_id,
        long=Leg(contract=proposal.long, role="long"),
        short=Leg(contract=proposal.short, role="short"),
        contracts=proposal.contracts,
        net_limit=proposal.net_limit,
        hold=rules.second_leg_missed == "hold",
    )


def _proposal(
    pair: Pair, rules: EntryRules, standing: Standing, sized: Sized
) -> tuple[Proposal, tuple[str, ...]]:
    most = affordable(rules.spread.contracts, pair.net_limit, standing.equity, rules.limits.max_position_pct)
    proposal = Proposal(
        pair.long.contract, pair.short.contract, most, pair.net_limit, pair.long.quote, pair.short.quote
    )
    left, why = sized(proposal)
    return replace(proposal, contracts=min(most, left)), (why,) if why else ()


def _summary(found: Findings) -> str:
    """How many passed, and what ruled the others out."""
    ruled_out = ", ".join(f"{count} {reason}" for reason, count in found.rejections().items())
    return f"{len(found.ranked)} of {len(found.reasons)} underpriced" + (
        f"; {ruled_out}" if ruled_out else ""
    )
