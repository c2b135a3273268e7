"""Equity of a sweep's best combination: simulated again, in a process that takes only idle time.

    python -m utils.dashboard.equity build/btc.db btc 4711

prints the curve as JSON. The dashboard runs it at the lowest priority, one at a time and now and then, so
that a sweep on the same cores does not notice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

POINTS = 300
"""Points of a curve, at most."""

SECONDS_BETWEEN = 20.0
"""Before a sweep's curve is computed again because another combination is the best."""

TIMEOUT_SECONDS = 300.0
KEPT = 64
_LOWEST_PRIORITY = 19
_ROOT = Path(__file__).resolve().parents[2]

Curve = dict[str, Any]


class Curves:
    """Curves of best combinations, computed when somebody looks at them and kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], Curve] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._work = threading.Event()
        self._ended = False
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._compute_asked, name="equity", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End what is in work."""
        self._ended = True
        self._work.set()
        with self._lock:
            if self._process is not None:
                self._process.kill()
        self._thread.join()

    def curve(self, database: Path, sweep_id: str, combo: int) -> Curve:
        """The curve at hand, and whether a newer one is in work.

        Returns:
            `pending`; once there is one, `combo`, `times` (seconds since 1970), `equity` and `hold` (that of
            buying and holding), or `problem`, one line.
        """
        key = (str(database), sweep_id)
        with self._lock:
            known = self._known.get(key)
            pending = known is None or (
                known["combo"] != combo and time.monotonic() - known["computed"] >= SECONDS_BETWEEN
            )
            if pending and len(self._asked) < KEPT:
                self._asked[key] = combo
                self._work.set()
            shown = {name: value for name, value in (known or {}).items() if name != "computed"}
        return {**shown, "pending": pending}

    def _compute_asked(self) -> None:
        while not self._ended:
            self._work.wait()
            with self._lock:
                if not self._asked:
                    self._work.clear()
                    continue
                key, combo = next(iter(self._asked.items()))
            curve = self._compute(key, combo)
            with self._lock:
                self._asked.pop(key, None)
                self._known[key] = {"combo": combo, **curve, "computed": time.monotonic()}
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)

    def _compute(self, key: tuple[str, str], combo: int) -> Curve:
        database, sweep_id = key
        command = [sys.executable, "-m", "utils.dashboard.equity", database, sweep_id, str(combo)]
        path = os.pathsep.join([str(_ROOT), str(_ROOT / "Library"), os.environ.get("PYTHONPATH", "")])
        try:
            with self._lock:
                if self._ended:
                    return {"problem": "the dashboard ends"}
                process = self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    env={**os.environ, "PYTHONPATH": path},
                )
            output, _ = process.communicate(timeout=TIMEOUT_SECONDS)
            answer: Curve = json.loads(output)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return {"problem": f"no curve within {TIMEOUT_SECONDS:.0f} s"}
        except (OSError, ValueError):
            return {"problem": "the curve could not be computed; look into the row with sweep.py show"}
        return answer


def compute(database: Path, sweep_id: str, combo: int) -> Curve:
    """The curve of one combination over the swept bars.

    Raises:
        UserError: the store or the bars cannot be read, or are not what they were.
    """
    import numpy as np  # noqa: PLC0415 - the dashboard itself needs none of this

    from utils.errors import UserError  # noqa: PLC0415
    from utils.sweep.detail import Details  # noqa: PLC0415
    from utils.sweep.reopening import reopen  # noqa: PLC0415
    from utils.sweep.store import Store  # noqa: PLC0415

    with Store.to_read(database) as store:
        records = [record for record in store.sweeps() if record.id == sweep_id]
        if not records:
            raise UserError(f"{database}: it holds no sweep {sweep_id}")
        sweep = reopen(store, records[0])
    bars = sweep.swept_bars
    equity = Details(sweep).simulation(combo).equity
    shown = np.unique(np.linspace(0, len(bars) - 1, min(len(bars), POINTS)).round().astype(int))
    initial = sweep.config.capital.initial_equity
    return {
        "times": (bars.time[shown] // 1_000_000_000).tolist(),
        "equity": np.round(equity[shown], 2).tolist(),
        "hold": np.round(initial * bars.close[shown] / bars.close[0], 2).tolist(),
    }


def main(database: str, sweep_id: str, combo: str) -> None:
    """Print the curve, or the problem."""
    from utils.errors import UserError  # noqa: PLC0415

    os.nice(_LOWEST_PRIORITY)
    try:
        answer = compute(Path(database), sweep_id, int(combo))
    except UserError as error:
        answer = {"problem": str(error)}
    json.dump(answer, sys.stdout, allow_nan=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
