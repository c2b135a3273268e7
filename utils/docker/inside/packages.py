"""The Python packages of LEAN's image: those its foundation installs, and what these need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

# Distributions of LEAN's foundation image that are likely to be here too.
IMAGE = """
accelerate aiosqlite altair arch arviz astropy beautifulsoup4 bokeh catboost chardet click cmaes
contourpy control copulas cvxopt cvxpy cython darts dask datasets deap deprecated dill dtw-python
exchange-calendars fastparquet featuretools filetype findiff formulaic gensim graphviz gym gymnasium
h5py hmmlearn holoviews hurst hvplot hyperopt ijson imageio imbalanced-learn interpret ipywidgets
jax jaxlib joblib jsonschema jupyterlab keras langchain lifelines lightgbm lightning lime lxml lz4
matplotlib mlflow mlforecast mlxtend modin mpmath mplfinance msgpack networkx nixtla nltk nolds
numba numpy onnx onnxruntime openai openpyxl optuna ortools pandas pandas-market-calendars pandas-ta
panel patsy peft persim pgmpy pingouin plotly pmdarima polars psutil pulp py-vollib pyarrow pydantic
pymannkendall pymc pyod pyomo pypdf pyportfolioopt pytz pywavelets quantecon quantlib quantstats ray
requests river ruptures scikit-image scikit-learn scikit-optimize scipy seaborn setuptools shap
simpy sktime spacy stable-baselines3 statsforecast statsmodels stockstats stumpy ta ta-lib tables
tabulate tensorflow tensorly tiktoken tinygrad tokenizers torch torchvision tqdm transformers
tsfresh tslearn tweepy umap-learn werkzeug wrapt wurlitzer xarray xgboost xlrd yellowbrick
"""


def missing(requirements: Iterable[str]) -> list[str]:
    """Lines of a requirements.txt that what is installed here does not meet."""
    unmet = []
    for line in filter(None, (text.strip() for text in requirements)):
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            unmet.append(line)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            unmet.append(line)
    return unmet


def importable(requirements: Iterable[str]) -> frozenset[str]:
    """Top-level module names of the image's packages and of a project's own requirements."""
    named = [Requirement(line).name for line in requirements if line.strip()]
    wanted = _with_needs([*IMAGE.split(), *named])
    return frozenset(
        module
        for module, distributions in metadata.packages_distributions().items()
        if any(_normal(name) in wanted for name in distributions)
    )


def _with_needs(names: Iterable[str]) -> set[str]:
    """The distributions that are installed, with all they require."""
    found: set[str] = set()
    waiting = [_normal(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        for need in needs:
            try:
                requirement = Requirement(need)
            except InvalidRequirement:
                continue  # of another installer's making; nothing the image is known to have
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(_normal(requirement.name))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
