"""The kernel cache follows the sources that a kernel is built from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trading.compiled import source_digest

LIBRARY = Path(__file__).parents[2] / "Library"

CALLEE = "from trading.compiled import kernel\n\n@kernel\ndef inner(x):\n    return x + {0}\n"
CALLER = (
    "from trading.compiled import kernel\nfrom trading.callee import inner\n\n"
    "@kernel\ndef outer(x):\n    return inner(x) * 10.0\n"
)


def run(folder: Path) -> tuple[float, int]:
    """Result of the caller's kernel in a fresh process, and how many times it was loaded from the cache."""
    code = "from trading.caller import outer; print(outer(1.0), sum(outer.stats.cache_hits.values()))"
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("NUMBA_CACHE_DIR", None)
    output = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    ).stdout.split()
    return float(output[0]), int(output[1])


def test_an_edit_in_a_called_module_compiles_the_caller_anew(tmp_path: Path) -> None:
    package = tmp_path / "trading"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "compiled.py").write_text((LIBRARY / "trading" / "compiled.py").read_text())
    (package / "caller.py").write_text(CALLER)
    (package / "callee.py").write_text(CALLEE.format(1.0))
    assert run(tmp_path) == (20.0, 0)
    assert run(tmp_path) == (20.0, 1)
    (package / "callee.py").write_text(CALLEE.format(2.0))
    assert run(tmp_path) == (30.0, 0)


def test_the_digest_names_all_that_is_imported() -> None:
    assert source_digest("trading.simulation.simulate") != source_digest("trading.simulation.brackets")
    assert source_digest("trading.simulation.simulate") == source_digest("trading.simulation.simulate")


def test_an_unknown_module_is_refused() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"trading\.nothing"):
        source_digest("trading.nothing")
