"""Is there enough space, and is it fast enough?"""

from __future__ import annotations

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "disk"


def find_disk(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """The upper end must fit; a speed that the plan demands must have been measured."""
    disk, (low, high) = profile.disk, plan.disk_gib
    speed = "not measured" if disk.write_mb_s is None else f"{disk.write_mb_s:,.0f} MB/s written"
    if disk.read_mb_s is not None:
        speed += f", {disk.read_mb_s:,.0f} MB/s read"
    evidence = (
        f"{low:g} to {high:g} GiB planned, {disk.free_gib:.0f} of {disk.total_gib:.0f} GiB free on "
        f"{disk.path}; {speed}"
    )
    if low > disk.free_gib:
        return Finding(SUBJECT, Level.BLOCKER, evidence, "the disk fills before the plan is done", _FREE)
    if high > disk.free_gib:
        return Finding(SUBJECT, Level.RISK, evidence, "at the upper end the disk fills", _FREE)
    if plan.disk.write_mb_s and disk.write_mb_s is None:
        return Finding(
            SUBJECT,
            Level.RISK,
            evidence,
            f"nobody knows whether it takes {plan.disk.write_mb_s:g} MB/s",
            "measure on the host itself",
        )
    if disk.write_mb_s is not None and disk.write_mb_s < plan.disk.write_mb_s:
        return Finding(
            SUBJECT,
            Level.RISK,
            evidence,
            f"workers wait for a disk below {plan.disk.write_mb_s:g} MB/s",
            "name a faster disk in disk.path",
        )
    return ok(SUBJECT, evidence)


_FREE = "free space, or name a larger disk in disk.path"
