"""Are the plan's addresses reached?"""

from __future__ import annotations

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "network"


def find_network(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """Every address must accept a connection."""
    if not plan.network:
        return ok(SUBJECT, "no addresses planned")
    tried = {endpoint.address: endpoint for endpoint in profile.network}
    shown, unreached = [], []
    for address in plan.network:
        endpoint = tried.get(address)
        if endpoint is None or endpoint.connect_ms is None:
            unreached.append(address)
            shown.append(f"{address}: {endpoint.problem if endpoint else 'not tried'}")
        else:
            shown.append(f"{address}: {endpoint.connect_ms:.0f} ms")
    if not unreached:
        return ok(SUBJECT, "; ".join(shown))
    return Finding(
        SUBJECT,
        Level.BLOCKER,
        "; ".join(shown),
        "what is behind these addresses cannot be used",
        f"open the way to {', '.join(unreached)} (name server, firewall, security group)",
    )
