"""A backtest in the embedded engine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

from utils.backtest.answer import Answer
from utils.backtest.delivery import fresh_object_store, records_of
from utils.backtest.report import write_report
from utils.engine.job import ProgressSink
from utils.engine.project_job import project_job
from utils.engine.run.backtest import run_backtest
from utils.workspace import Project


def run_embedded(
    project: Project,
    data_folder: Path,
    parameters: Mapping[str, str],
    output: Path,
    progress: ProgressSink | None = None,
) -> Answer:
    """Run a project and write its results and their report.

    The run has an Object Store of its own, `storage` in the output folder, which begins with the files that
    the project's config.json names. What the algorithm prints goes to standard error: standard output is the
    command's.

    Args:
        parameters: over those of the project's config.json.
        output: folder for the results.
        progress: told now and then how far the run is.

    Raises:
        UserError: the project, the data folder or the output folder is wrong.
    """
    store = fresh_object_store(project, output)
    job = project_job(project, data_folder, parameters, output, store)
    with redirect_stdout(sys.stderr):
        outcome = run_backtest(job, progress=progress)
    records = records_of(store)
    files = outcome.files | records
    if "result" in files:
        files["report"] = output / f"{job.file_stem}.html"
        write_report(files["report"], files["result"], project.name, records.get("decisions"))
    return Answer(
        engine="embedded",
        status=outcome.status,
        error=outcome.error,
        statistics=outcome.statistics,
        runtime_statistics=outcome.runtime_statistics,
        files=files,
        seconds=outcome.seconds,
        data_points=outcome.data_points,
    )
