"""First file of a container's process: started isolated, so it sees the standard library alone.

It brings the engine and the installed packages onto the path for as long as the engine is loaded.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def _site_packages() -> list[str]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefixes = [Path(sys.executable).parent.parent, Path(sys.prefix)]
    folders = [prefix / "lib" / version / "site-packages" for prefix in prefixes]
    return list(dict.fromkeys(str(folder) for folder in folders if folder.is_dir()))


def _start() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # stopped before the engine is there: no traceback
    packages = _site_packages()
    sys.path += packages
    sys.path += [str(ROOT), str(ROOT / "Library")]
    from utils.docker.inside.launcher import launch  # noqa: PLC0415 - not importable before

    return launch(sys.stdin.read(), [str(ROOT), str(ROOT / "Library")], packages)


if __name__ == "__main__":
    sys.exit(_start())
