"""From a container's mounts to the run that LEAN's launcher would make of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from utils.docker.create_request import CreateRequest, Mounts
from utils.docker.errors import DockerError
from utils.docker.run_spec import RunSpec

START_SCRIPT = "/lean-cli-start.sh"
CONFIG = "/Lean/Launcher/bin/Debug/config.json"
REQUIREMENTS = "/requirements.txt"
LAUNCHER = "QuantConnect.Lean.Launcher.dll"
_PROGRAM = re.compile(r"\bdotnet (QuantConnect\.[\w.]+\.dll)")
_SOURCE = re.compile(r'"(/LeanCLI/[^"\n]+\.py)"')


def plan_run(request: CreateRequest) -> RunSpec:
    """Read the mounted start script and LEAN's configuration.

    Raises:
        DockerError: a mount is missing, or what is asked for needs LEAN itself.
    """
    mounts = request.mounts()
    script = _mounted(mounts, START_SCRIPT).read_text(encoding="utf-8")
    programs = _PROGRAM.findall(script)
    if programs != [LAUNCHER]:
        named = ", ".join(programs) or "the start script's command"
        raise DockerError(501, f"{named}: only backtests run without Docker; use Docker for it")
    try:
        config = json.loads(_mounted(mounts, CONFIG).read_text(encoding="utf-8"))
    except ValueError as error:
        raise DockerError(400, f"{CONFIG}: not JSON: {error}") from None
    _refuse_what_needs_lean(config)
    found = (mounts.find(path) for path in config.get("python-additional-paths") or ())
    sources = (mounts.find(path) for path in _SOURCE.findall(script))
    requirements = mounts.find(REQUIREMENTS)
    storage = mounts.find(str(config.get("object-store-root") or "/Storage"))
    return RunSpec(
        algorithm=str(_mounted(mounts, str(config.get("algorithm-location") or ""))),
        data_folder=str(_mounted(mounts, str(config.get("data-folder") or "/Lean/Data"))),
        output=str(_mounted(mounts, str(config.get("results-destination-folder") or "/Results"))),
        algorithm_id=str(config.get("algorithm-id") or ""),
        name=str(config.get("backtest-name") or ""),
        object_store=None if storage is None else str(storage),
        parameters={name: _text(value) for name, value in (config.get("parameters") or {}).items()},
        python_paths=tuple(str(path) for path in found if path is not None),
        sources=tuple(str(path) for path in sources if path is not None),
        requirements=tuple(requirements.read_text(encoding="utf-8").splitlines()) if requirements else (),
        roots=tuple(str(path) for path in mounts.sources),
        time_limit_minutes=float(config.get("algorithm-manager-time-loop-maximum") or 20),
    )


def _mounted(mounts: Mounts, path: str) -> Path:
    found = mounts.find(path) if path else None
    if found is None:
        raise DockerError(
            400, f"{path or 'algorithm-location'}: not mounted; start the container by the LEAN CLI"
        )
    return found


def _refuse_what_needs_lean(config: dict[str, Any]) -> None:
    environment = (config.get("environments") or {}).get(config.get("environment")) or {}
    refusals = {
        "algorithm-language": config.get("algorithm-language", "Python") != "Python",
        "live-mode": bool(environment.get("live-mode")),
        "debugging": bool(config.get("debugging")),
        "python-venv": bool(config.get("python-venv")),
    }
    wrong = [name for name, refused in refusals.items() if refused]
    if wrong:
        value = environment.get(wrong[0], config.get(wrong[0]))
        raise DockerError(501, f"{wrong[0]} = {value}: not done by the embedded engine; use Docker for it")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
