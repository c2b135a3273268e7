"""Runs a notebook, and takes out what the docs show of it.

A notebook's first cell is its title and what it asks. Its last cell is a dict of figures; its pictures are
what matplotlib drew. The files in the repository hold no outputs.
"""

from __future__ import annotations

import ast
import base64
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from utils.errors import UserError


@dataclass(frozen=True)
class Study:
    """A notebook that has been run.

    Attributes:
        name: of its file, without the ending.
        title, question: of its first cell.
        figures: of its last cell.
        pictures: PNG files.
    """

    name: str
    title: str
    question: str
    figures: dict[str, Any]
    pictures: tuple[bytes, ...]


def run_notebook(path: Path, folder: Path, variables: dict[str, str], seconds: int = 600) -> Study:
    """Run a notebook in a kernel of its own; its file is left as it is.

    Args:
        folder: the kernel's working folder.
        variables: of its environment.
        seconds: that a cell may take.

    Raises:
        UserError: a cell failed, took too long, or the last one is no dict.
    """
    notebook: Any = nbformat.read(path, as_version=4)
    try:
        # Over sockets in a folder of its own: no other kernel meets it, and no other user talks to it.
        with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
            kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
            resources = {"metadata": {"path": str(folder)}}
            client = NotebookClient(notebook, kernel, timeout=seconds, resources=resources)
            client.execute(env=os.environ | variables)
    except CellExecutionError as error:
        raise UserError(f"{path}: {error.ename}: {' '.join(error.evalue.split())[:300]}") from error
    except CellTimeoutError as error:
        raise UserError(f"{path}: a cell took more than {seconds} s; give it less to do") from error
    title, _, question = notebook.cells[0].source.partition("\n")
    return Study(
        path.stem, title.removeprefix("# "), question.strip(), _figures(path, notebook), _pictures(notebook)
    )


def _figures(path: Path, notebook: Any) -> dict[str, Any]:
    for output in notebook.cells[-1].outputs:
        text = output.get("data", {}).get("text/plain", "")
        if text.startswith("{"):
            figures: dict[str, Any] = ast.literal_eval(text)
            return figures
    raise UserError(f"{path}: its last cell gives no dict of figures; let it end with one")


def _pictures(notebook: Any) -> tuple[bytes, ...]:
    found = [
        output["data"]["image/png"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    return tuple(base64.b64decode(picture) for picture in found)
