"""Several files, libraries, stored settings, parameters and overrides."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace
from utils.errors import UserError
from utils.nodes.requirements import AlgorithmRequirements, Resolution

SETTINGS = """\
from pydantic import BaseModel, Field


class Universe(BaseModel):
    tickers: list[str] = ["SPY"]
    size: int = 7


class Llm(BaseModel):
    enabled: bool = False


class Settings(BaseModel):
    universe: Universe = Field(default_factory=Universe)
    llm: Llm = Llm()
    max_positions: int = 3


def load(store, key) -> Settings:
    return Settings.model_validate_json(store.read(key))
"""
READS_SETTINGS = """\
from AlgorithmImports import *
from shared.settings import Settings, load
class Algorithm(QCAlgorithm):
    def initialize(self):
        self.settings = load(self.object_store, "x/settings")
        for ticker in self.settings.universe.tickers:
            self.add_equity(ticker)
        if self.settings.llm.enabled:
            self.log("llm")
"""


def with_settings(workspace: Workspace, stored: str, parameters: dict[str, str] | None = None) -> None:
    """A library with a model of settings, a file of them, and the project's config.json."""
    reference = workspace.library("shared", {"__init__.py": "", "settings.py": SETTINGS})
    workspace.write("config/x.json", stored)
    workspace.config(
        {
            "parameters": parameters or {},
            "libraries": [reference],
            "object-store": {"x/settings": "config/x.json"},
        }
    )


def test_stored_settings_are_read_with_the_lines_of_their_keys(workspace: Workspace) -> None:
    with_settings(workspace, '{\n"universe": {\n"tickers": ["A", "B"]},\n"llm": {"enabled": true}\n}')

    read = workspace.main(READS_SETTINGS)

    assert read.requirements.num_securities == 2
    assert read.places("num_securities") == {"main.py:7", "x.json:3"}
    assert read.requirements.use_llm_analysis
    assert read.places("use_llm_analysis") == {"x.json:4"}
    assert read.requirements.max_concurrent_positions == 3  # the model's default
    assert read.places("max_concurrent_positions") == {"settings.py:16"}


def test_a_parameter_stands_for_the_stored_setting(workspace: Workspace) -> None:
    with_settings(workspace, '{"universe": {"tickers": ["A", "B"]}}', {"universe.tickers": '["X", "Y", "Z"]'})

    read = workspace.main(READS_SETTINGS)

    assert read.requirements.num_securities == 3
    assert read.places("num_securities") == {"main.py:7", "config.json:3"}


def test_stored_settings_that_are_no_json_are_an_error_with_their_line(workspace: Workspace) -> None:
    with_settings(workspace, '{\n"universe": ]')

    with pytest.raises(UserError, match=r"x\.json: line 2"):
        workspace.main(READS_SETTINGS)


def test_a_missing_settings_file_is_an_error(workspace: Workspace) -> None:
    with_settings(workspace, "{}")
    (workspace.root / "config/x.json").unlink()

    with pytest.raises(UserError, match=r"x\.json"):
        workspace.main(READS_SETTINGS)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('self.get_parameter("n", 5)', 4),
        ('self.GetParameter("n", 5)', 4),
        ('int(self.get_parameter("n"))', 4),
        ('self.get_parameter("n", default_value=5)', 4),
        ('self.get_parameter("m", 5)', 5),
        ('self.get_parameter("bad", 5)', 5),
    ],
)
def test_a_parameter_of_config_json(workspace: Workspace, call: str, expected: int) -> None:
    workspace.config({"parameters": {"n": "4", "bad": "four"}})

    read = workspace.initialize(f'for i in range({call}):\n    self.add_equity(f"T{{i}}")')

    assert read.requirements.num_securities == expected


def test_a_parameter_is_named_with_its_line(workspace: Workspace) -> None:
    workspace.config({"parameters": {"ticker": "QQQ"}})

    read = workspace.initialize('self.add_equity(self.get_parameter("ticker", "SPY"))')

    assert read.places("num_securities") == {f"main.py:{FIRST_LINE}", "config.json:3"}
    assert any("QQQ" in text for text in read.sources("num_securities"))


HELPER = """\
class Subscriptions:
    TICKERS = ["A", "B"]

    def __init__(self, algorithm, extra=()):
        self.algorithm = algorithm
        self.extra = extra

    def subscribe(self):
        for ticker in [*self.TICKERS, *self.extra]:
            self.algorithm.add_equity(ticker, Resolution.HOUR)

    @staticmethod
    def one(algorithm):
        algorithm.AddEquity("A")

    @property
    def tickers(self):
        return ["P", "Q"]


def subscribe(algorithm, *, tickers):
    for ticker in tickers:
        algorithm.add_equity(ticker)
"""


@pytest.mark.parametrize(
    ("imports", "body", "count"),
    [
        ("from helper import Subscriptions", "Subscriptions(self).subscribe()", 2),
        ("from helper import Subscriptions", 'Subscriptions(self, ["C"]).subscribe()', 3),
        ("from helper import Subscriptions", 'Subscriptions(algorithm=self, extra=["C"]).subscribe()', 3),
        ("import helper", "helper.Subscriptions(self).subscribe()", 2),
        ("from helper import Subscriptions as S", "self.schedule.on(1, 2, S(self).subscribe)", 2),
        ("import helper as h", 'h.subscribe(self, tickers=["X"])', 1),
        ("from helper import *", 'subscribe(self, tickers=["X", "Y"])', 2),
        ("from helper import Subscriptions as S", "S.one(self)", 1),
        ("from helper import Subscriptions as S", "subscribe = [self.add_equity(t) for t in S.TICKERS]", 2),
        ("from helper import Subscriptions", "[self.add_equity(t) for t in Subscriptions(self).tickers]", 2),
        ("from .helper import subscribe", 'subscribe(self, tickers=["X"])', 1),
        ("from . import helper", 'helper.subscribe(self, tickers=["X"])', 1),
        ("from parts.more import both", "both(self)", 2),
    ],
)
def test_helpers_of_other_files_that_get_the_algorithm(
    workspace: Workspace, imports: str, body: str, count: int
) -> None:
    workspace.write("algorithms/x/helper.py", HELPER)
    workspace.write("algorithms/x/parts/__init__.py", "from .more import both\n")
    workspace.write(
        "algorithms/x/parts/more.py",
        "from ..helper import subscribe\ndef both(it):\n    subscribe(it, tickers=['A', 'B'])\n",
    )

    read = workspace.main(
        "from AlgorithmImports import *\n"
        f"{imports}\nclass Algorithm(QCAlgorithm):\n    def initialize(self):\n        {body}\n"
    )

    assert read.requirements.num_securities == count


def test_a_helper_s_line_is_the_evidence(workspace: Workspace) -> None:
    workspace.write("algorithms/x/helper.py", HELPER)

    read = workspace.initialize("from helper import Subscriptions\nSubscriptions(self).subscribe()")

    assert "helper.py:10" in read.places("num_securities")
    assert read.requirements.resolution is Resolution.HOUR
    assert read.places("resolution") == {"helper.py:10"}


BASE = """\
from AlgorithmImports import *
class Base(QCAlgorithm):
    tickers = ["A"]
    def initialize(self):
        for ticker in self.tickers:
            self.add_equity(ticker)
        self.more()
    def more(self):
        self.add_equity("BASE")
"""


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("pass", 2),
        ('tickers = ["X", "Y", "Z"]', 4),
        ("def more(self):\n        pass", 1),
        ('def initialize(self):\n        super().initialize()\n        self.add_equity("OWN")', 3),
        ('def initialize(self):\n        Base.initialize(self)\n        self.add_equity("OWN")', 3),
        ('def initialize(self):\n        super().add_equity("OWN")\n    def more(self):\n        pass', 1),
    ],
)
@pytest.mark.parametrize("same_file", [False, True])
def test_a_base_class_of_the_project(workspace: Workspace, body: str, count: int, *, same_file: bool) -> None:
    workspace.write("algorithms/x/base.py", BASE)
    head = BASE if same_file else "from base import Base\n"

    read = workspace.main(f"{head}class Algorithm(Base):\n    {body}\n")

    assert read.requirements.num_securities == count


@pytest.mark.parametrize("file", ["main.py", "helper.py"])
@pytest.mark.parametrize(
    ("text", "line"),
    [("x = 1\ndef broken(:\n", 2), ("x = 1\n\n  y = 2\n", 3), ("return 1\n", 1), ("x = '\n", 1)],
)
def test_a_syntax_error_names_file_and_line(workspace: Workspace, file: str, text: str, line: int) -> None:
    workspace.write("algorithms/x/main.py", "import helper\nclass A(QCAlgorithm):\n    pass\n")
    workspace.write(f"algorithms/x/{file}", text)

    with pytest.raises(UserError, match=rf"^algorithms/x/{file}:{line}: "):
        workspace.read()


@pytest.mark.parametrize("text", ["", "x = 1\n", "class Algorithm:\n    pass\n", "from base import Base\n"])
def test_a_file_without_algorithm_is_an_error(workspace: Workspace, text: str) -> None:
    workspace.write("algorithms/x/base.py", BASE)

    with pytest.raises(UserError, match=r"main\.py: no class derived from QCAlgorithm"):
        workspace.main(text)


def test_overrides_stand_for_what_was_found_and_say_so(workspace: Workspace) -> None:
    overrides = {
        "num_securities": "70",
        "resolution": "second",
        "use_greeks": "false",
        "max_latency_ms": "5.5",
    }

    read = workspace.main(READS_SETTINGS.replace("from shared", "# from shared"), overrides)

    needs = read.requirements
    assert (needs.num_securities, needs.resolution, needs.use_greeks) == (70, Resolution.SECOND, False)
    assert needs.max_latency_ms == 5.5
    for field in overrides:
        assert read.sources(field) == ["assumed: set on the command line"]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"num_shares": "5"}, r"--set num_shares: no such field; there are num_securities, "),
        ({"num_securities": "many"}, r"--set num_securities=many: "),
        ({"num_securities": "-1"}, r"--set num_securities=-1: "),
        ({"num_securities": "1.5"}, r"--set num_securities=1\.5: "),
        ({"resolution": "week"}, r"--set resolution=week: "),
        ({"use_ml_training": "perhaps"}, r"--set use_ml_training=perhaps: "),
        ({"max_latency_ms": ""}, r"--set max_latency_ms=: "),
    ],
)
def test_a_wrong_override_is_an_error_that_names_it(
    workspace: Workspace, overrides: dict[str, str], message: str
) -> None:
    workspace.initialize("pass")

    with pytest.raises(UserError, match=message) as raised:
        workspace.read(overrides)
    assert "\n" not in str(raised.value)


def test_every_field_has_evidence(workspace: Workspace) -> None:
    read = workspace.initialize("pass")

    assert [one.field for one in read.analysis.evidence] == list(AlgorithmRequirements.model_fields)
    assert all(one.sources for one in read.analysis.evidence)
