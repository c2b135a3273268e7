"""Does the database answer, and has it room for the plan's pool?"""

from __future__ import annotations

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import Database, HostProfile

SUBJECT = "database"


def find_database(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """It must be reached, be of a version that will do, and have connections free."""
    need, database = plan.database, profile.database
    if need is None:
        return ok(SUBJECT, "none planned")
    if database is None:
        return Finding(
            SUBJECT,
            Level.BLOCKER,
            "neither the plan nor FEATURES_DB names a PostgreSQL server",
            "features cannot be stored",
            "set FEATURES_DB to postgresql://USER@HOST/DATABASE, or database.url in the plan",
        )
    if database.problem is not None:
        return Finding(
            SUBJECT,
            Level.BLOCKER,
            f"{database.server}: {database.problem}",
            "features cannot be stored",
            "start it, or correct its address, user or password (PGPASSWORD, ~/.pgpass)",
        )
    evidence = f"{database.server}: PostgreSQL {database.version or 'of unknown version'}"
    if not _will_do(database.version, need.versions):
        return Finding(
            SUBJECT,
            Level.BLOCKER,
            f"{evidence}, {need.versions} planned",
            "its tables or COPY may not work",
            f"upgrade it to {need.versions}",
        )
    return _find_room(database, plan, evidence)


def _find_room(database: Database, plan: ReadinessPlan, evidence: str) -> Finding:
    low, high = plan.connections
    planned = f"{evidence}; {low} to {high} connections planned"
    if database.connections is None or database.in_use is None:
        return Finding(
            SUBJECT,
            Level.RISK,
            f"{planned}, its limit was not measured",
            "the pool may be refused when all workers connect",
            "measure on the host itself, or ask the database: SHOW max_connections",
        )
    free = database.connections - database.in_use
    shown = f"{planned}, {free} of {database.connections} free"
    if free >= high:
        return ok(SUBJECT, shown)
    level = Level.BLOCKER if free < low else Level.RISK
    risk = "workers are refused" if free < low else "with the most workers some are refused"
    return Finding(
        SUBJECT, level, shown, risk, "raise max_connections, end idle sessions, or plan fewer workers"
    )


def _will_do(version: str | None, versions: str) -> bool:
    if not versions:
        return True
    try:
        return version is not None and SpecifierSet(versions).contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False
