"""Whether a host can run a plan."""

from __future__ import annotations

from pathlib import Path

import click
import yaml
from rich.markup import escape
from rich.table import Table

from utils.cli import command, examples, json_option, output, print_json, progress_output
from utils.cluster.config import DEFAULT_FILE, load_cluster
from utils.cluster.remote_profile import measure_on
from utils.cluster.ssh import Ssh
from utils.files import write_atomic
from utils.readiness.assessment import Assessment, assess
from utils.readiness.finding import Level, Verdict
from utils.readiness.instances import load_instances
from utils.readiness.measurement.host import measure
from utils.readiness.plan import load_plan
from utils.readiness.profile import load_profile, save_profile
from utils.readiness.report.data import report_data
from utils.readiness.report.markdown import render_markdown
from utils.readiness.report.page import render_page

COLOURS = {Level.OK: "green", Level.RISK: "yellow", Level.BLOCKER: "red"}
FILE = click.Path(path_type=Path, dir_okay=False)


@command()
@examples(
    "python scripts/readiness.py config/readiness/features.yaml",
    "python scripts/readiness.py config/readiness/trillium.yaml --html build/readiness.html",
    "python scripts/readiness.py config/readiness/trillium.yaml --profile host.json --json",
    "python scripts/readiness.py config/readiness/features.yaml --host worker1",
)
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--record", type=FILE, help="Write this host's figures, to be assessed elsewhere.")
@click.option("--profile", "profile_file", type=FILE, help="Assess recorded figures instead of this host.")
@click.option("--host", "host_name", help="Measure that host of the cluster file instead, over SSH.")
@click.option(
    "--cluster", "cluster_file", type=FILE, default=DEFAULT_FILE, show_default=True, help="The cluster file."
)
@click.option("--markdown", type=FILE, help="Write the report as Markdown.")
@click.option("--html", type=FILE, help="Write the report as a page.")
@click.option("--features", type=FILE, help="Write limits that fit, for features.py run --plan.")
@json_option
def main(
    plan_file: Path,
    record: Path | None,
    profile_file: Path | None,
    host_name: str | None,
    cluster_file: Path,
    markdown: Path | None,
    html: Path | None,
    features: Path | None,
    as_json: bool,
) -> None:
    """Measure this host, or another one, compare it with PLAN, and say what stands in the way.

    Ends with 0 when the host is ready, with risks or without; with 1 when it is not, or when it could not be
    found out (then with a line `error: ...`); with 2 when the command is wrong.
    """
    if record and profile_file:
        raise click.UsageError(
            "--record writes what is measured, --profile measures nothing: give one of them"
        )
    if host_name and profile_file:
        raise click.UsageError("--host measures a host, --profile measures nothing: give one of them")
    plan, catalog = load_plan(plan_file), load_instances()
    if profile_file:
        profile = load_profile(profile_file)
    elif host_name:
        with progress_output().status(f"Measuring {host_name}"):
            profile = measure_on(Ssh(load_cluster(cluster_file)), host_name, plan)
    else:
        with progress_output().status("Measuring"):
            profile = measure(plan)
    if record:
        save_profile(profile, record)
    assessment = assess(profile, plan, catalog)
    if markdown:
        write_atomic(markdown, render_markdown(assessment))
    if html:
        write_atomic(html, render_page(assessment))
    if as_json:
        print_json(report_data(assessment))
    else:
        _print(assessment)
    if features:
        _write_limits(assessment, features)
    if assessment.verdict is Verdict.NOT_READY:
        raise click.exceptions.Exit(1)


def _print(assessment: Assessment) -> None:
    table = Table("subject", "level", "evidence", "risk and remedy")
    for finding in assessment.findings:
        colour = COLOURS[finding.level]
        advice = "; ".join(part for part in (finding.risk, finding.remedy) if part)
        level = f"[{colour}]{finding.level}[/{colour}]"
        table.add_row(finding.subject, level, escape(finding.evidence), escape(advice))
    console = output()
    console.print(f"{assessment.plan.name} on {assessment.profile.host}", markup=False)
    console.print(table)
    console.print(f"{assessment.verdict}: {assessment.fitting}", markup=False)


def _write_limits(assessment: Assessment, path: Path) -> None:
    # The pipeline's packages are an extra: readiness says that they are missing, it needs none of them.
    from utils.readiness.feature_plan import feature_plan  # noqa: PLC0415

    limits = feature_plan(assessment).model_dump(include={"workers", "memory_mb", "connections"})
    write_atomic(path, yaml.safe_dump(limits, sort_keys=False))


if __name__ == "__main__":
    main()
