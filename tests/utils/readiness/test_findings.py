"""Each finding on both sides of its bound."""

from __future__ import annotations

from typing import Any

import pytest

from tests.utils.readiness.hosts import CATALOG, host, plan
from utils.readiness.assessment import assess
from utils.readiness.finding import Finding, Level, Verdict

CASES: list[tuple[str, dict[str, Any], dict[str, Any], Level, str]] = [
    ("processors", {"processors__allowed": 7}, {}, Level.OK, "7 of 16 processors"),
    ("processors", {"processors__allowed": 6.5}, {}, Level.RISK, "3 to 7 workers"),
    ("processors", {"processors__allowed": 2}, {}, Level.BLOCKER, "3 to 7 workers"),
    ("memory", {"memory__available_gib": 20}, {}, Level.OK, "18.0 after a reserve of 10%"),
    ("memory", {"memory__available_gib": 19.9}, {}, Level.RISK, "7 to 18 GiB planned"),
    ("memory", {"memory__available_gib": 7}, {}, Level.BLOCKER, "7.0 of 64.0 GiB"),
    ("disk", {"disk__free_gib": 20}, {}, Level.OK, "10 to 20 GiB planned"),
    ("disk", {"disk__free_gib": 19}, {}, Level.RISK, "19 of 1000 GiB free"),
    ("disk", {"disk__free_gib": 9}, {}, Level.BLOCKER, "9 of 1000 GiB free"),
    ("disk", {"disk__write_mb_s": 99}, {"disk__write_mb_s": 100}, Level.RISK, "99 MB/s written"),
    ("disk", {"disk__write_mb_s": None}, {"disk__write_mb_s": 100}, Level.RISK, "not measured"),
    ("load", {"processors__load": 13.1}, {}, Level.OK, "load 13.10 on 16"),
    ("load", {"processors__load": 13.2}, {}, Level.RISK, "0.8 to 2.9 more"),
    ("Python", {"python": "3.10.12"}, {}, Level.BLOCKER, "3.10.12, >=3.11 planned"),
    ("Python", {"python": "3.13.0rc1"}, {}, Level.OK, "3.13.0rc1"),
    ("system", {"system": "Darwin 24"}, {}, Level.BLOCKER, "planned: Linux"),
    ("system", {"instance_type": "m5.4xlarge"}, {}, Level.OK, "m5.4xlarge"),
    ("system", {"instance_type": "m5.large"}, {}, Level.RISK, "m5.large has 2 vCPUs, not 16"),
    ("packages", {"packages": {"numpy": "1.24.0", "psycopg2-binary": "2.9.9"}}, {}, Level.OK, "2 of 2"),
    ("packages", {"packages": {"numpy": "1.23.9", "psycopg": "3.2"}}, {}, Level.BLOCKER, "numpy 1.23.9"),
    ("packages", {"packages": {"numpy": "2.0"}}, {}, Level.BLOCKER, "psycopg>=3.2: not installed"),
    ("packages", {}, {"later_packages": ["torch"]}, Level.OK, "wanted later: torch"),
    ("indicators", {"talib": False}, {}, Level.OK, "compiled kernels"),
    ("indicators", {"talib": False}, {"talib": "required"}, Level.BLOCKER, "no TA-Lib"),
    ("database", {}, {}, Level.OK, "87 of 97 free"),
    ("database", {"database": None}, {}, Level.BLOCKER, "nor FEATURES_DB names"),
    ("database", {"database": None}, {"database": None}, Level.OK, "none planned"),
    ("database", {"database__problem": "refused"}, {}, Level.BLOCKER, "db/x: refused"),
    ("database", {"database__version": "13.2"}, {}, Level.BLOCKER, ">=14 planned"),
    ("database", {"database__connections": None}, {}, Level.RISK, "not measured"),
    ("database", {"database__in_use": 83}, {}, Level.OK, "14 of 97 free"),
    ("database", {"database__in_use": 84}, {}, Level.RISK, "6 to 14 connections planned"),
    ("database", {"database__in_use": 92}, {}, Level.BLOCKER, "5 of 97 free"),
    ("network", {"network": [{"address": "a:1", "connect_ms": 3}]}, {"network": ["a:1"]}, Level.OK, "3 ms"),
    ("network", {"network": [{"address": "a:1", "problem": "x"}]}, {"network": ["a:1"]}, Level.BLOCKER, "x"),
    ("network", {}, {"network": ["a:1"]}, Level.BLOCKER, "a:1: not tried"),
    ("CPU credits", {}, {}, Level.OK, "not a burstable instance"),
    ("CPU credits", {"instance_type": "t3.2xlarge"}, {}, Level.RISK, "most workers: gone after 0 h, in only"),
    ("CPU credits", {"instance_type": "t3.2xlarge", "credit_mode": "standard"}, {}, Level.RISK, "work late"),
    ("CPU credits", {"instance_type": "t3.2xlarge", "credit_balance": 4608}, {}, Level.RISK, "4608 to start"),
    ("CPU credits", {"instance_type": "t3.2xlarge"}, {"phases": []}, Level.RISK, "no phases"),
    ("cost", {"instance_type": "t3.2xlarge"}, {}, Level.OK, "prices of 2025-11-13"),
    ("cost", {"instance_type": "t3.2xlarge"}, {"compare_with": "r6i.2xlarge"}, Level.RISK, "34% less"),
    ("cost", {"instance_type": "t3.2xlarge"}, {"compare_with": "m5.2xlarge"}, Level.OK, "13% less"),
]


def found(subject: str, of_host: dict[str, Any], of_plan: dict[str, Any]) -> Finding:
    findings = assess(host(**of_host), plan(**of_plan), CATALOG).findings
    return next(finding for finding in findings if finding.subject == subject)


@pytest.mark.parametrize(("subject", "of_host", "of_plan", "level", "evidence"), CASES)
def test_a_finding(
    subject: str, of_host: dict[str, Any], of_plan: dict[str, Any], level: Level, evidence: str
) -> None:
    finding = found(subject, of_host, of_plan)
    assert finding.level is level, finding
    assert evidence in finding.evidence
    assert bool(finding.risk) is bool(finding.remedy) is (level is not Level.OK)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.READY),
        ({"processors__load": 15}, Verdict.WITH_RISKS),
        ({"processors__load": 15, "python": "3.9"}, Verdict.NOT_READY),
    ],
)
def test_the_worst_finding_decides(changes: dict[str, Any], verdict: Verdict) -> None:
    assert assess(host(**changes), plan(), CATALOG).verdict is verdict


def test_a_host_that_is_too_small_is_told_what_fits_on_it() -> None:
    finding = found("processors", {"processors__allowed": 2}, {})
    assert "one track at a time, so many workers fit (track 1: 2, track 2: 2)" in finding.remedy
    assert "3 processors or more" in finding.remedy
