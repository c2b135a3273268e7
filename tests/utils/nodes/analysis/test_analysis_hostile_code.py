"""Code that is broken, endless or huge: an analysis or a user's error, and soon."""

from __future__ import annotations

import ast
import sys
import time
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.utils.nodes.analysis.long_algorithm import long_algorithm
from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, HEAD, Workspace
from utils.errors import UserError
from utils.nodes.requirements import Analysis

ROOT = Path(__file__).parents[4]
SECONDS = 20.0
"""Far above what any of these takes, far below what running them would."""


def analysis_or_error(workspace: Workspace, text: str) -> Analysis | None:
    """The analysis of a main.py, or None where the user is told what is wrong, in one line."""
    try:
        return workspace.main(text).analysis
    except UserError as error:
        assert str(error)
        assert "\n" not in str(error)
        return None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("self.initialize()", id="recursion"),
        pytest.param("f = lambda g: g(g)\nf(f)", id="lambda recursion"),
        pytest.param("while True:\n    pass", id="endless"),
        pytest.param("while True:\n    self.x = [1]", id="endless with work"),
        pytest.param("for i in range(10**9):\n    x = i", id="long range"),
        pytest.param("for i in range(10**9):\n    x = list(range(10**9))", id="ranges in ranges"),
        pytest.param("for i in range(10**9):\n    x = 5 in range(10**9)", id="search in ranges"),
        pytest.param("x = [i for i in range(10**9) for j in range(10**9)]", id="long comprehension"),
        pytest.param('x = "a" * 10**9', id="long text"),
        pytest.param('x = "a"\nfor i in range(99):\n    x += x', id="doubled text"),
        pytest.param('x = ["a"]\nfor i in range(99):\n    x = x + x', id="doubled list"),
        pytest.param('x = ["a"]\nfor i in range(99):\n    x.extend(x)', id="extended list"),
        pytest.param("x = 10**10**10", id="power"),
        pytest.param("x = 10\nfor i in range(999):\n    x = x * x", id="product"),
        pytest.param("x = 1 << 10**10", id="shift"),
        pytest.param("x = 0x" + "f" * 20_000 + "\ny = f'{x}'\nself.add_equity(x)", id="long number"),
        pytest.param("x = " + "9" * 20_000, id="long decimal number"),
        pytest.param("x = " + "(" * 5000 + ")" * 5000, id="parentheses"),
        pytest.param("x = " + "[" * 5000 + "]" * 5000, id="nested lists"),
        pytest.param("x = " + "[" * 150 + "]" * 150, id="lists nested less"),
        pytest.param("x = " + "+".join(["1"] * 20_000), id="long sum"),
        pytest.param("x = " + "-" * 20_000 + "1", id="signs"),
        pytest.param("x" + ".y" * 20_000, id="attributes"),
        pytest.param("x" + "()" * 20_000, id="calls"),
        pytest.param("x = []\nwhile True:\n    x = [x]", id="nested without end"),
        pytest.param(
            "x = []\nx.append(x)\ny = x == x\nfor z in x:\n    self.add_equity(z)", id="a list in itself"
        ),
        pytest.param("self.x = self\nself.x.x.x.add_equity('A')", id="an object in itself"),
        pytest.param("x = {}[[]:3]\ny = [1][{}:2]\nz = [1][::0]", id="slices of the wrong kind"),
        pytest.param(
            "self.set_start_date(10**18, 1, 1)\nself.set_end_date(-5, 0, 0)", id="dates out of range"
        ),
        pytest.param(
            "self.set_warm_up(timedelta(10**18))\nself.set_warm_up(-10**9)", id="warm-up out of range"
        ),
        pytest.param("self.add_option('A').set_filter(-10**18, 10**18, 0, 10**18)", id="filter out of range"),
        pytest.param("self.add_option('A').set_filter(lambda u: u.set_filter(u))", id="filter in a filter"),
        pytest.param("self.max_positions = 2.5", id="half a position"),
        pytest.param("self.add_equity('\\ud800\\n\\x1b')", id="ticker that cannot be shown"),
        pytest.param("x = float('nan')\nself.set_warm_up(x)\nrange(x)\nint(x)\nround(x)", id="no number"),
        pytest.param("def f():\n    self.schedule.on(1, 2, lambda: f())\nf()", id="callback that calls back"),
        pytest.param("self.get_parameter()\nself.set_start_date()\nself.add_equity()", id="no arguments"),
        pytest.param("zip()\nmax()\nmin([])\nint()\nsorted()\nlen()\nmap()\ndict(1)", id="empty built-ins"),
        pytest.param("list(*[1, 2], **{'a': 1})\nzip(*5)\nprint(*self)", id="spread of unknowns"),
        pytest.param(
            "class A(B): pass\nclass B(A): pass\nclass C(C): pass\nC()\nB().x()", id="circular classes"
        ),
        pytest.param("class A:\n    x = A()\nA()", id="a class in itself"),
        pytest.param("super().initialize()\nsuper(1, 2).x\nsuper", id="super without bases"),
    ],
)
def test_what_would_not_end_or_fit_is_analysed_or_refused(workspace: Workspace, body: str) -> None:
    started = time.perf_counter()
    text = HEAD + "".join(f"        {line}\n" for line in body.splitlines())
    found = analysis_or_error(workspace, text)

    assert time.perf_counter() - started < SECONDS
    if found is not None:
        "\n".join(str(source) for one in found.evidence for source in one.sources).encode()  # can be printed


@pytest.mark.parametrize("body", ["while True:\n    x = 1", "for i in range(10**9):\n    x = i"])
def test_an_endless_loop_is_left_and_that_is_said(workspace: Workspace, body: str) -> None:
    read = workspace.initialize(f'self.add_equity("A")\n{body}\nself.add_equity("B")')

    assert read.requirements.num_securities == 2
    assert any("not followed to its end" in text for text in read.sources("num_securities"))
    assert f"main.py:{FIRST_LINE + 1}" in read.places("num_securities")


def test_what_is_too_much_to_follow_is_left_and_that_is_said(workspace: Workspace) -> None:
    loops = "for i in range(20000):\n    x = i\n" * 20
    read = workspace.initialize(f'self.add_equity("A")\n{loops}self.add_equity("B")')

    assert read.requirements.num_securities == 1
    assert any("left out the rest" in text for text in read.sources("num_securities"))


@pytest.mark.parametrize(
    "content",
    [
        b"x = '\xff'\n",
        b"x = '\x00'\n",
        b"\xef\xbb\xbfx = (\n",
        b"# coding: nonsense\nclass A(\n",
        b"\r\r\n\x0c(",
    ],
    ids=["not UTF-8", "null", "byte order mark", "coding", "control characters"],
)
def test_a_file_that_is_no_python_is_refused(workspace: Workspace, content: bytes) -> None:
    workspace.write("algorithms/x/main.py", "")
    (workspace.root / "algorithms/x/main.py").write_bytes(content)

    with pytest.raises(UserError, match=r"main\.py"):
        workspace.read()


def test_a_byte_order_mark_is_no_error(workspace: Workspace) -> None:
    assert workspace.main("\ufeff" + HEAD + "        self.add_equity('A')\n").requirements.num_securities == 1


def test_the_analysis_of_two_thousand_lines_grows_no_faster_than_the_lines(workspace: Workspace) -> None:
    def calls(lines: int) -> int:
        """Calls of functions: what the analysis costs, whatever else the machine is doing."""
        text, _ = long_algorithm(lines)
        made = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal made
            made += event == "call"

        sys.setprofile(count)
        try:
            workspace.main(text)
        finally:
            sys.setprofile(None)
        return made

    assert calls(2000) < 5 * calls(500)


def test_two_thousand_lines_are_counted_in_full(workspace: Workspace) -> None:
    text, parts = long_algorithm(2000)
    needs = workspace.main(text).requirements

    assert needs.num_securities == 5 * parts + 2
    assert needs.num_option_chains == parts
    assert needs.contracts_per_chain == 11 * 4 * 2
    assert needs.scheduled_events == parts
    assert needs.max_concurrent_positions == 12


MAINS = tuple(
    (ROOT / "algorithms" / name / "main.py").read_text(encoding="utf-8")
    for name in ("money_line", "options_trading_bot")
)
SMALL = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def mutated_lines(draw: st.DrawFn) -> str:
    """A real main.py with lines deleted, doubled, swapped, or moved in."""
    lines = draw(st.sampled_from(MAINS)).splitlines()
    for _ in range(draw(st.integers(1, 6))):
        first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["delete", "double", "swap", "indent", "dedent"])):
            case "delete" if len(lines) > 1:
                del lines[first]
            case "double":
                lines.insert(second, lines[first])
            case "swap":
                lines[first], lines[second] = lines[second], lines[first]
            case "indent":
                lines[first] = "    " + lines[first]
            case _:
                lines[first] = lines[first].removeprefix("    ")
    return "\n".join(lines)


@st.composite
def mutated_words(draw: st.DrawFn) -> str:
    """A real main.py with words deleted, replaced by others of it, or by values of another kind."""
    words = draw(st.sampled_from(MAINS)).split(" ")
    others = st.sampled_from(
        ["None", "[]", "{}", "self", "-1", "''", "1e999", "lambda: 0", "(", "*", "()", "x.y"]
    )
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(words) - 1))
        words[at] = draw(st.one_of(st.just(""), st.sampled_from(words), others))
    return " ".join(words)


@st.composite
def random_text(draw: st.DrawFn) -> str:
    """A real main.py with anything put in."""
    text = draw(st.sampled_from(MAINS))
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=30)) + text[at:]


NAMES = st.sampled_from(
    ["self", "x", "y", "t", "self.x", "timedelta", "Resolution.TICK", "list", "range", "len"]
)
CONSTANTS = st.sampled_from(
    ["0", "1", "-3", "2.5", "10**30", "'A'", "'SPY'", "None", "True", "[]", "{}", "()"]
)
CALLEES = st.sampled_from(
    ["self.add_equity", "self.add_option", "self.add_option_contract", "self.AddUniverse", "self.set_warm_up",
     "self.train", "self.set_start_date", "self.set_end_date", "self.schedule.on", "self.get_parameter",
     "self.step", "x.set_filter", "x.strikes", "x.contracts", "x.items", "x.append", "x.split", "x.extend",
     "list", "sorted", "zip", "enumerate", "range", "len", "sum", "max", "int", "str", "dict", "map",
     "timedelta", "datetime", "super()", "Helper", "x"]
)  # fmt: skip


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=3).map(", ".join)
    signs = st.sampled_from(
        ["+", "-", "*", "/", "%", "//", "**", "<", "==", "in", "is", "and", "or", "not in"]
    )
    return st.one_of(
        st.builds("{}({})".format, CALLEES, arguments),
        st.builds("[{}]".format, arguments),
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}[{}:{}]".format, NAMES, inner, inner),
        st.builds("[{} for t in {} if {}]".format, inner, inner, inner),
        st.builds("{{{}: {} for t in {}}}".format, inner, inner, inner),
        st.builds("{{{}: {}}}".format, inner, inner),
        st.builds("(lambda u: {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("{}.items".format, NAMES),
        st.builds("self.add_option('A').set_filter({})".format, arguments),
    )


EXPRESSIONS = st.recursive(NAMES | CONSTANTS, _deeper, max_leaves=8)


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {part}" for line in lines for part in line.split("\n"))


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(_indented)
    return st.one_of(
        st.builds("if {}:\n{}\nelse:\n{}".format, EXPRESSIONS, body, body),
        st.builds("for t in {}:\n{}".format, EXPRESSIONS, body),
        st.builds("while {}:\n{}\n    break".format, EXPRESSIONS, body),
        st.builds("try:\n{}\nexcept Exception:\n{}".format, body, body),
        st.builds("with {} as x:\n{}".format, EXPRESSIONS, body),
        st.builds("def step(x, *y, t=1, **z):\n{}".format, body),
    )


STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS,
        st.builds("x = {}".format, EXPRESSIONS),
        st.builds("self.x = {}".format, EXPRESSIONS),
        st.builds("x[{}] = {}".format, EXPRESSIONS, EXPRESSIONS),
        st.builds("x, *y = {}".format, EXPRESSIONS),
        st.builds("x += {}".format, EXPRESSIONS),
        st.builds("return {}".format, EXPRESSIONS),
        st.just("raise ValueError"),
    ),
    _blocks,
    max_leaves=6,
)
PROGRAMS = st.builds(
    "{}{}\n\n    def step(self, x):\n{}\n".format,
    st.just("class Helper:\n    x = 1\n    def step(self):\n        return self.x\n\n\n" + HEAD),
    st.lists(STATEMENTS, min_size=1, max_size=5).map(lambda lines: _indented(_indented(lines).split("\n"))),
    st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda lines: _indented(_indented(lines).split("\n"))),
)


@SMALL
@given(text=st.one_of(mutated_lines(), mutated_words(), random_text()))
def test_a_damaged_algorithm_is_analysed_or_refused(text: str, workspace: Workspace) -> None:
    config = (ROOT / "algorithms/options_trading_bot/config.json").read_text(encoding="utf-8")
    workspace.write("algorithms/x/config.json", config)
    for folder in ("Library", "config"):
        if not (workspace.root / folder).exists():
            (workspace.root / folder).symlink_to(ROOT / folder)

    analysis_or_error(workspace, text)


@SMALL
@given(text=PROGRAMS)
def test_a_random_program_is_analysed_or_refused(text: str, workspace: Workspace) -> None:
    ast.parse(text)  # the generator makes Python

    analysis_or_error(workspace, text)
