"""Where notifications go: apprise URLs of the environment, or of a file that only its owner may read."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from utils.errors import UserError

URLS = "SWEEP_NOTIFY_URLS"
"""Variable of the environment with apprise URLs, spaces between them."""

CONFIG = "SWEEP_NOTIFY_CONFIG"
"""Variable of the environment with the path of an apprise configuration file."""

_REPOSITORY_MARKS = (".git", "lean.json")


class Target(Protocol):
    """One place that a message goes to, as apprise has it."""

    service_name: Any

    def notify(self, body: str, title: str = "") -> bool:
        """Send; whether the service took it."""


def targets(config: Path | None = None, environment: Mapping[str, str] | None = None) -> list[Target]:
    """The targets asked for; none when nobody asked.

    Args:
        config: an apprise configuration file, text or YAML; None: the one that the environment names.
        environment: the process's own when None.
    Raises:
        UserError: apprise is not installed; the file is missing, empty, inside a repository or readable by
            others; an address is not one. No message holds an address.
    """
    variables = os.environ if environment is None else environment
    named = variables.get(CONFIG, "")
    path = config or (Path(named) if named else None)
    addresses = variables.get(URLS, "").split()
    if path is None and not addresses:
        return []
    apprise = _apprise()
    found: list[Target] = []
    for place, address in enumerate(addresses, 1):
        target = apprise.Apprise.instantiate(address)
        if target is None:
            raise UserError(
                f"{URLS}: address {place} of {len(addresses)} is none that apprise knows; mend it"
            )
        found.append(target)
    if path is not None:
        _check_private(path)
        in_file = _in_file(apprise, path)
        if not in_file:
            raise UserError(f"{path}: no address in it that apprise knows; write one a line")
        found += in_file
    return found


def _apprise() -> Any:
    try:
        import apprise  # noqa: PLC0415 - slow, and of an optional extra
    except ImportError:
        raise UserError("notifications need apprise; install it with pip install apprise") from None
    # It logs addresses when it fails. What failed is said by `Notifier`, without them.
    logger = logging.getLogger("apprise")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    return apprise


def _in_file(apprise: Any, path: Path) -> list[Target]:
    known = apprise.Apprise()
    known.add(apprise.AppriseConfig(paths=str(path)))
    return list(known)


def _check_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise UserError(
            f"{path}: cannot be read: {error.strerror}; name an apprise configuration file"
        ) from None
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"{path}: others may read its secrets; run chmod 600 on it")
    for folder in path.resolve().parents:
        if any((folder / mark).exists() for mark in _REPOSITORY_MARKS):
            raise UserError(f"{path}: it holds secrets and lies in the repository {folder}; move it out")
