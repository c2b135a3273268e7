"""Language models, local training and inference, and GPU libraries, by what the code imports and calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from utils.nodes.analysis.modules import Module, runtime_nodes
from utils.nodes.requirements import Source

LLM_LIBRARIES = frozenset(
    {"openai", "anthropic", "langchain", "langchain_openai", "litellm", "cohere", "mistralai", "groq",
     "google.generativeai", "google.genai", "trading.sentiment"}
)  # fmt: skip
TRAINING_LIBRARIES = frozenset(
    {"sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "stable_baselines3",
     "hmmlearn", "pytorch_lightning", "lightning", "fastai", "ray"}
)  # fmt: skip
INFERENCE_LIBRARIES = frozenset({"transformers", "onnxruntime", "sentence_transformers", "llama_cpp", "vllm"})
GPU_LIBRARIES = frozenset({"cupy", "cudf", "cuml", "pycuda", "jax"})

_LLM_HOST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:openai\.com|anthropic\.com|generativelanguage\.googleapis\.com|mistral\.ai|"
    r"cohere\.com|cohere\.ai|groq\.com|together\.xyz|openrouter\.ai|deepseek\.com|x\.ai)(?:/|$)"
)
_TRAINING_CALLS = frozenset({"fit", "partial_fit", "fit_transform", "fit_predict", "backward", "learn"})
_LOADING_CALLS = frozenset({"load_model", "load_state_dict", "from_pretrained"})


@dataclass
class Learning:
    """Where each was found."""

    llm: list[Source] = field(default_factory=list)
    training: list[Source] = field(default_factory=list)
    inference: list[Source] = field(default_factory=list)


def find_learning(modules: Iterable[Module]) -> Learning:
    """Look through the modules; comments, docstrings and imports for type checking only do not count."""
    found = Learning()
    for module in modules:
        nodes = runtime_nodes(module.tree)
        imports = _imports(nodes)
        trains = _of(imports, TRAINING_LIBRARIES) or _of(imports, GPU_LIBRARIES)
        found.llm += [module.source(node) for node in _of(imports, LLM_LIBRARIES)]
        found.inference += [module.source(node) for node in _of(imports, INFERENCE_LIBRARIES)]
        for node in nodes:
            if not isinstance(node, ast.Call):
                continue
            if any(_LLM_HOST.match(text) for text in _texts(node)):
                found.llm.append(module.source(node))
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if trains and name in _TRAINING_CALLS:
                found.training.append(module.source(node))
            if trains and (name in _LOADING_CALLS or name == "cuda" or _on_gpu(node)):
                found.inference.append(module.source(node))
    return found


def _imports(nodes: Iterable[ast.AST]) -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node))
            found += [(f"{node.module}.{alias.name}", node) for alias in node.names]
    return found


def _of(imports: Iterable[tuple[str, ast.AST]], libraries: frozenset[str]) -> list[ast.AST]:
    """The import statements of any of these libraries or their modules, each once."""
    hits = {
        id(node): node
        for name, node in imports
        if any(name == library or name.startswith(f"{library}.") for library in libraries)
    }
    return list(hits.values())


def _texts(call: ast.Call) -> list[str]:
    arguments = (*call.args, *(one.value for one in call.keywords))
    return [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _on_gpu(call: ast.Call) -> bool:
    return any(text == "cuda" or text.startswith("cuda:") for text in _texts(call))
