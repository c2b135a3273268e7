"""First file of a container's process: started isolated, so it sees the standard library alone.

It brings the engine and the installed packages onto the path for as long as the engine is loaded.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def _start() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # stopped before the engine is there: no traceback
    packages = sys.argv[1:]  # folders of the installed packages
    sys.path += packages
    sys.path += [str(ROOT), str(ROOT / "Library")]
    from utils.docker.inside.launcher import launch  # noqa: PLC0415 - not importable before

    return launch(sys.stdin.read(), [str(ROOT), str(ROOT / "Library")], packages)


if __name__ == "__main__":
    sys.exit(_start())
