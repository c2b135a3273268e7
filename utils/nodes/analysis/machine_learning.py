"""Language models, local training and inference, and GPU libraries, by what the code imports and calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from utils.nodes.analysis.modules import Module, runtime_nodes
from utils.nodes.requirements import Source

LLM_LIBRARIES = frozenset(
    {"openai", "anthropic", "langchain", "langchain_core", "langchain_openai", "langchain_anthropic",
     "langchain_community", "langgraph", "llama_index", "litellm", "cohere", "mistralai", "groq", "together",
     "google.generativeai", "google.genai", "vertexai", "trading.sentiment"}
)  # fmt: skip
TRAINING_LIBRARIES = frozenset(
    {"sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "stable_baselines3",
     "hmmlearn", "pytorch_lightning", "lightning", "fastai", "ray", "jax", "flax", "optax", "transformers",
     "gymnasium", "tslearn", "sktime", "cuml"}
)  # fmt: skip
BOOSTING_LIBRARIES = frozenset({"xgboost", "lightgbm", "catboost"})
"""Their `train` is a function of the library."""
INFERENCE_LIBRARIES = frozenset({"transformers", "onnxruntime", "sentence_transformers", "llama_cpp", "vllm"})
NETWORK_LIBRARIES = frozenset({"torch", "tensorflow", "keras", "jax", "flax"})
GPU_LIBRARIES = frozenset({"cupy", "cudf", "cuml", "pycuda", "jax", "numba.cuda"})

_LLM_HOST = re.compile(
    r"(?:https?|wss?)://(?:[\w-]+\.)*(?:openai\.com|anthropic\.com|generativelanguage\.googleapis\.com|"
    r"mistral\.ai|cohere\.com|cohere\.ai|groq\.com|together\.xyz|together\.ai|openrouter\.ai|deepseek\.com|"
    r"perplexity\.ai|x\.ai|openai\.azure\.com|api-inference\.huggingface\.co|"
    r"bedrock-runtime\.[\w-]+\.amazonaws\.com)(?::\d+)?(?:/|\?|$)"
)
_REQUESTS = frozenset(
    {"get", "post", "put", "patch", "request", "stream", "send", "urlopen", "download", "client",
     "async_client", "client_session", "session", "connect", "create_connection", "web", "open"}
)  # fmt: skip
_TRAINING_CALLS = frozenset(
    {"fit", "partial_fit", "fit_transform", "fit_predict", "fit_generator", "train_on_batch", "backward",
     "minimize", "apply_gradients", "fit_one_cycle"}
)  # fmt: skip
_REINFORCED = frozenset({"stable_baselines3", "ray"})
_LOADING_CALLS = frozenset({"load_model", "load_state_dict", "from_pretrained", "InferenceSession"})


@dataclass
class Learning:
    """Where each was found."""

    llm: list[Source] = field(default_factory=list)
    training: list[Source] = field(default_factory=list)
    inference: list[Source] = field(default_factory=list)


def is_language_model_address(text: str) -> bool:
    """Whether a text is the address of a language model's provider."""
    return _LLM_HOST.match(text) is not None


def is_request(name: str) -> bool:
    """Whether a function of this name, in snake case, sends something to an address given to it."""
    return name in _REQUESTS


def find_learning(modules: Iterable[Module], dead: Collection[int] = ()) -> Learning:
    """Look through the modules; comments, docstrings, imports for type checking only do not count.

    Args:
        modules: the algorithm's file and what it imports.
        dead: identities of statements that are never run.
    """
    found = Learning()
    for module in modules:
        nodes = runtime_nodes(module.tree, dead)
        imports = _imports(nodes)
        names = _bound_names(nodes)
        found.llm += [module.source(node) for node in _of(imports, LLM_LIBRARIES)]
        found.inference += [module.source(node) for node in _of(imports, INFERENCE_LIBRARIES)]
        found.inference += [
            _with(module.source(node), "runs on a GPU") for node in _of(imports, GPU_LIBRARIES)
        ]
        trains = bool(_of(imports, TRAINING_LIBRARIES))
        networks = bool(_of(imports, NETWORK_LIBRARIES | INFERENCE_LIBRARIES))
        reinforced = bool(_of(imports, _REINFORCED))
        for node in nodes:
            if isinstance(node, ast.Call):
                _of_call(node, module, names, found, trains=trains, networks=networks, reinforced=reinforced)
    return found


def _of_call(
    node: ast.Call,
    module: Module,
    names: dict[str, str],
    found: Learning,
    *,
    trains: bool,
    networks: bool,
    reinforced: bool,
) -> None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    library = _library_of(node.func, names)
    if is_request(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()) and any(
        is_language_model_address(text) for text in _texts(node)
    ):
        found.llm.append(module.source(node))
    if (
        (trains and isinstance(node.func, ast.Attribute) and name in _TRAINING_CALLS)
        or (name == "train" and library in BOOSTING_LIBRARIES)
        or (reinforced and name == "learn" and isinstance(node.func, ast.Attribute))
    ):
        found.training.append(module.source(node))
    loads = name in _LOADING_CALLS or (name == "load" and library == "torch")
    if networks and (loads or name == "cuda" or _on_gpu(node)):
        found.inference.append(module.source(node))


def _with(source: Source, text: str) -> Source:
    return Source(f"{source.text}: {text}", source.file, source.line)


def _imports(nodes: Iterable[ast.AST]) -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(alias.name, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module, node))
            found += [(f"{node.module}.{alias.name}", node) for alias in node.names]
    return found


def _bound_names(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """The library that each imported name comes from."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: node.module.split(".")[0] for alias in node.names}
    return found


def _library_of(function: ast.expr, names: dict[str, str]) -> str:
    while isinstance(function, ast.Attribute):
        function = function.value
    return names.get(function.id, "") if isinstance(function, ast.Name) else ""


def _of(imports: Iterable[tuple[str, ast.AST]], libraries: frozenset[str]) -> list[ast.AST]:
    """The import statements of any of these libraries or their modules, each once."""
    hits = {
        id(node): node
        for name, node in imports
        if any(name == library or name.startswith(f"{library}.") for library in libraries)
    }
    return list(hits.values())


def _texts(call: ast.Call) -> list[str]:
    """Texts given to a call, of f-strings their beginning."""
    found: list[str] = []
    for one in (*call.args, *(one.value for one in call.keywords)):
        start = one.values[0] if isinstance(one, ast.JoinedStr) and one.values else one
        if isinstance(start, ast.Constant) and isinstance(start.value, str):
            found.append(start.value)
    return found


def _on_gpu(call: ast.Call) -> bool:
    return any(text == "cuda" or text.startswith("cuda:") for text in _texts(call))
