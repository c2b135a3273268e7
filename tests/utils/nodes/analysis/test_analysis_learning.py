"""Language models, training and local inference."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace

CLASS = "class Algorithm(QCAlgorithm):\n    def initialize(self):\n"


def flags(workspace: Workspace, imports: str, body: str = "pass") -> tuple[bool, bool, bool]:
    """Language model, training, local inference."""
    text = f"from AlgorithmImports import *\n{imports}\n{CLASS}"
    needs = workspace.main(text + "".join(f"        {line}\n" for line in body.splitlines())).requirements
    return needs.use_llm_analysis, needs.use_ml_training, needs.use_local_inference


@pytest.mark.parametrize(
    ("imports", "body"),
    [
        ("import openai", "pass"),
        ("from openai import OpenAI", "pass"),
        ("import anthropic as a", "pass"),
        ("from langchain.chains import X", "pass"),
        ("from google import generativeai", "pass"),
        ("import requests", 'requests.post("https://api.openai.com/v1/chat/completions", json={})'),
        ("import requests", 'requests.post(url="https://api.anthropic.com/v1/messages")'),
        ("", "import openai"),
    ],
)
def test_a_language_model_is_found_in_imports_and_addresses(
    workspace: Workspace, imports: str, body: str
) -> None:
    assert flags(workspace, imports, body) == (True, False, False)


@pytest.mark.parametrize(
    ("imports", "body"),
    [
        ("# import openai", "pass  # https://api.openai.com/"),
        ('"""import openai, see https://api.openai.com/v1"""', "pass"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import openai", "pass"),
        ("import typing\nif typing.TYPE_CHECKING:\n    from openai import OpenAI", "pass"),
        ("import openairports", "pass"),
        ("import requests", 'requests.post("https://api.openai.com.example.org/")'),
        ("import requests", 'requests.get("https://example.org/?see=https://api.openai.com/")'),
        ("", 'self.log("sklearn and transformers")'),
        ("", 'self.model.fit("nothing that learns is imported")'),
    ],
)
def test_mere_mentions_do_not_count(workspace: Workspace, imports: str, body: str) -> None:
    assert flags(workspace, imports, body) == (False, False, False)


@pytest.mark.parametrize(
    ("imports", "body"),
    [
        ("", "self.train(self.learn)"),
        ("", "self.Train(self.learn)"),
        ("from sklearn.linear_model import Ridge", "Ridge().fit([[1]], [1])"),
        ("import torch", "loss = torch.nn.MSELoss()\nloss.backward()"),
    ],
)
def test_training(workspace: Workspace, imports: str, body: str) -> None:
    assert flags(workspace, imports, body) == (False, True, False)


def test_a_trained_library_without_a_fit_does_not_train(workspace: Workspace) -> None:
    assert flags(workspace, "from sklearn.metrics import r2_score") == (False, False, False)


@pytest.mark.parametrize("imports", ["import transformers", "from transformers import pipeline"])
def test_transformers_run_on_the_node(workspace: Workspace, imports: str) -> None:
    assert flags(workspace, imports) == (False, False, True)


def test_the_line_of_each_is_named(workspace: Workspace) -> None:
    read = workspace.initialize("import openai\nself.train(self.learn)\nimport transformers")

    assert read.places("use_llm_analysis") == {f"main.py:{FIRST_LINE}"}
    assert read.places("use_ml_training") == {f"main.py:{FIRST_LINE + 1}"}
    assert read.places("use_local_inference") == {f"main.py:{FIRST_LINE + 2}"}


def test_an_imported_file_of_the_project_counts_and_another_does_not(workspace: Workspace) -> None:
    workspace.write("algorithms/x/sentiment.py", "import openai\n")
    workspace.write("algorithms/x/unused.py", "import transformers\n")

    assert flags(workspace, "from sentiment import ask") == (True, False, False)
