"""The files that a project has from the start."""

from __future__ import annotations

import json

_PYTHON = """# region imports
from AlgorithmImports import *
# endregion


class EmptyAlgorithm(QCAlgorithm):

    def initialize(self):
        self.set_start_date(2024, 1, 1)
        self.set_cash(100_000)
"""
_CSHARP = """namespace QuantConnect.Algorithm.CSharp
{
    public class EmptyAlgorithm : QCAlgorithm
    {
        public override void Initialize()
        {
            SetStartDate(2024, 1, 1);
            SetCash(100000);
        }
    }
}
"""
_NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 2})

TEMPLATES = {
    "Py": {"main.py": _PYTHON, "research.ipynb": _NOTEBOOK},
    "C#": {"Main.cs": _CSHARP, "Research.ipynb": _NOTEBOOK},
}
"""Language -> file name -> content."""
