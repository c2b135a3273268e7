"""Makes a host's node a service that is kept running and comes back with the host, or ends that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

START_S = 20.0


def install(path: str, supervisor: str, terms: dict[str, Any], boot: str | None) -> dict[str, Any]:
    """Have the node's program run as `terms` say; it is started anew only when they changed.

    Args:
        supervisor: text of supervisor.py.
        terms: `command`, `afterwards` and `environment`, in which {folder} stands for the cluster's, and
            the `release` that it runs from.
        boot: ``systemd``, ``cron`` or None: what starts it with the host.
    """
    folder = Path.home() / path
    service = folder / "service"
    service.mkdir(parents=True, exist_ok=True)
    wanted = {
        "supervisor.py": supervisor,
        "service.json": json.dumps(terms, indent=1).replace("{folder}", str(folder)),
    }
    changed = [name for name, text in wanted.items() if not _is(service / name, text)]
    if not changed and _running(folder):
        return {"changed": False, "boot": boot}
    _stop(folder, boot)
    for name in changed:
        beside = service / f".{name}"
        beside.write_text(wanted[name])
        beside.replace(service / name)
    if boot == "systemd":
        _systemd_unit(folder)
    else:
        if boot == "cron":
            _cron_line(folder, wanted=True)
        _supervisor(folder, "start")
    deadline = time.monotonic() + START_S
    while not _running(folder):
        if time.monotonic() > deadline:
            raise SystemExit(f"its supervisor does not start; see {service}")
        time.sleep(0.1)
    return {"changed": True, "boot": boot}


def stop(path: str, boot: str | None) -> dict[str, Any]:
    """End the node, and do not start it with the host any more."""
    folder = Path.home() / path
    ran = _running(folder)
    if folder.exists():
        _stop(folder, boot)
    if boot == "systemd":
        _unit(folder).unlink(missing_ok=True)
        _systemctl("daemon-reload")
    elif boot == "cron":
        _cron_line(folder, wanted=False)
    return {"stopped": ran}


def _stop(folder: Path, boot: str | None) -> None:
    if boot == "systemd" and _unit(folder).exists():
        _systemctl("disable", "--now", _unit(folder).name)
    if (folder / "service" / "supervisor.py").exists():
        _supervisor(folder, "stop")


def _running(folder: Path) -> bool:
    try:
        state = json.loads((folder / "service" / "state.json").read_text())
        os.kill(state["supervisor"], 0)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _supervisor(folder: Path, verb: str) -> None:
    command = [sys.executable, "-I", str(folder / "service" / "supervisor.py"), verb, str(folder)]
    _run(command)


def _is(path: Path, text: str) -> bool:
    try:
        return path.read_text() == text
    except OSError:
        return False


def _cron_line(folder: Path, wanted: bool) -> None:
    supervisor = folder / "service" / "supervisor.py"
    line = f"@reboot {sys.executable} -I {supervisor} start {folder}"
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False).stdout
    others = [known for known in listed.splitlines() if str(supervisor) not in known]
    lines = [*others, line] if wanted else others
    _run(["crontab", "-"], "".join(f"{known}\n" for known in lines))


def _unit(folder: Path) -> Path:
    return Path.home() / ".config" / "systemd" / "user" / f"{folder.name}.service"


def _systemd_unit(folder: Path) -> None:
    unit = _unit(folder)
    unit.parent.mkdir(parents=True, exist_ok=True)
    supervisor = folder / "service" / "supervisor.py"
    unit.write_text(
        "[Unit]\nDescription=Ray node of lean-cluster\n"
        f"[Service]\nExecStart={sys.executable} -I {supervisor} run {folder}\n"
        "Restart=always\nRestartSec=5\nKillMode=control-group\n"
        "[Install]\nWantedBy=default.target\n"
    )
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", unit.name)


def _systemctl(*words: str) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    _run(["systemctl", "--user", *words])


def _run(command: list[str], text: str = "") -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or [f"code {done.returncode}"]
        raise SystemExit(f"{Path(command[0]).name}: {said[-1]}")


def main(request: dict[str, Any]) -> None:
    """Do what is asked, by the name of a function above."""
    does = {function.__name__: function for function in (install, stop)}
    try:
        print(json.dumps(does[request.pop("do")](**request)))  # noqa: T201 - the answer
    except OSError as error:
        raise SystemExit(f"{error.filename or 'disk'}: {error.strerror or error}") from None


if __name__ == "__main__":
    main(json.load(sys.stdin))
