"""The analysis against running the same code, with a recorder in LEAN's place."""

from __future__ import annotations

import random
import sys
from textwrap import indent
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.utils.nodes.analysis.small_workspace import HEAD, Workspace

SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TOO_LONG = 2000
"""Lines run, or items held, with which a program is left aside."""


class TooLongError(Exception):
    """A generated program that loops too often."""


class Recorder:
    """What the algorithm of a generated program is given for `self`."""

    def __init__(self, seed: int) -> None:
        self.tickers: set[str] = set()
        self._random = random.Random(seed)

    @property
    def live_mode(self) -> bool:
        """Something the analysis cannot know."""
        return self._random.random() < 0.5

    def add_equity(self, ticker: str) -> str:
        self.tickers.add(ticker.upper())
        return ticker


def tickers_when_run(body: str, seed: int = 0) -> set[str] | None:
    """What a program subscribes to; None when it fails or runs long."""
    recorder = Recorder(seed)
    lines = 0

    def count(frame: FrameType, *_: object) -> Any:
        nonlocal lines
        lines += 1
        sizes = (len(value) for value in frame.f_locals.values() if isinstance(value, str | list | dict))
        if lines > TOO_LONG or max(sizes, default=0) > TOO_LONG:
            raise TooLongError
        return count

    code = compile(f"def run(self):\n{indent(body, '    ')}", "program", "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    before = sys.gettrace()
    sys.settrace(count)
    try:
        names["run"](recorder)
    except Exception:  # noqa: BLE001 - any failure of a generated program
        return None
    finally:
        sys.settrace(before)
    return recorder.tickers


NUMBERS = st.recursive(
    st.sampled_from(["0", "1", "2", "3", "n", "m", "len(a)", "len(b)", "len(d)"]),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("min({}, {})".format, inner, inner),
        st.builds("max({}, {})".format, inner, inner),
    ),
    max_leaves=3,
)
TEXTS = st.recursive(
    st.sampled_from(["'A'", "'b'", "'CC'", "t", "s", "f'{t}{n}'", "f'{n:02d}'", "t.upper()", "s.lower()"]),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("'{{}}-{{}}'.format({}, {})".format, inner, NUMBERS),
        st.builds("'%s%d' % ({}, {})".format, inner, NUMBERS),
        st.builds("{}.replace('A', 'Z')".format, inner),
        st.builds("','.join([{}, {}])".format, inner, inner),
    ),
    max_leaves=3,
)
LISTS = st.recursive(
    st.sampled_from(
        ["a", "b", "['X', 'Y', 'Z']", "list(d)", "list(d.values())", "'P Q R'.split()", "sorted({'W', 'V'})",
         "[f'R{i}' for i in range(n)]", "[]"]
    ),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("{}[:{}]".format, inner, NUMBERS),
        st.builds("{}[{}:]".format, inner, NUMBERS),
        st.builds("sorted(set({}) | set({}))".format, inner, inner),
        st.builds("sorted(set({}) - set({}))".format, inner, inner),
        st.builds("sorted({}, key=len, reverse=True)".format, inner),
        st.builds("list(reversed({}))".format, inner),
        st.builds("[x + {} for x in {} if len(x) < 9]".format, TEXTS, inner),
        st.builds("[x + y for x, y in zip({}, {})]".format, inner, inner),
        st.builds("[f'{{i}}{{x}}' for i, x in enumerate({}, start=2)]".format, inner),
        st.builds("[x for y in [{}, {}] for x in y]".format, inner, inner),
    ),
    max_leaves=3,
)  # fmt: skip
CONDITIONS = st.one_of(
    st.builds("{} < {}".format, NUMBERS, NUMBERS),
    st.builds("{} == {}".format, TEXTS, TEXTS),
    st.builds("{} in {}".format, TEXTS, LISTS),
    st.builds("{}".format, LISTS),
    st.builds("not {}".format, LISTS),
    st.builds("any(len(x) > {} for x in {})".format, NUMBERS, LISTS),
    st.builds("{} < {} <= {}".format, NUMBERS, NUMBERS, NUMBERS),
)
UNKNOWN_CONDITIONS = st.one_of(
    st.just("self.live_mode"), st.builds("self.live_mode and {}".format, CONDITIONS), CONDITIONS
)
START = "a = ['A', 'B']\nb = ['C']\nd = {'K': 'V'}\nn = 1\nm = 2\nt = 'T'\ns = 'S'\n"


def _indented(lines: list[str]) -> str:
    return indent("\n".join(lines), "    ")


def _simple() -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("self.add_equity({})".format, TEXTS),
        st.builds("n = {}".format, NUMBERS),
        st.builds("m += {}".format, NUMBERS),
        st.builds("t = {}".format, TEXTS),
        st.builds("s += {}".format, TEXTS),
        st.builds("a = {}".format, LISTS),
        st.builds("b.append({})".format, TEXTS),
        st.builds("b += {}".format, LISTS),
        st.builds("b.insert(0, {})".format, TEXTS),
        st.builds("a, b = b, a".format),
        st.builds("d[{}] = {}".format, TEXTS, TEXTS),
        st.builds("d.update({{{}: {}}})".format, TEXTS, TEXTS),
        st.builds("t = d.get({}, {})".format, TEXTS, TEXTS),
        st.builds("t = {} if {} else {}".format, TEXTS, CONDITIONS, TEXTS),
        st.builds("t = ({} or [{}])[0]".format, LISTS, TEXTS),
        st.builds("[self.add_equity(x) for x in {}]".format, LISTS),
        st.builds("list(map(self.add_equity, {}))".format, LISTS),
    )


def _blocks(conditions: st.SearchStrategy[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(_indented)
    return st.one_of(
        st.builds("if {}:\n{}\nelse:\n{}".format, conditions, body, body),
        st.builds("if {}:\n{}".format, conditions, body),
        st.builds("for t in {}:\n{}".format, LISTS, body),
        st.builds("for i, s in enumerate({}):\n{}".format, LISTS, body),
        st.builds("for t, s in d.copy().items():\n{}".format, body),
        st.builds("for t in {}:\n    if {}:\n        continue\n{}".format, LISTS, conditions, body),
        st.builds("for t in {}:\n{}\n    if {}:\n        break".format, LISTS, body, conditions),
        st.builds(
            "def inner(t, *rest, s='D'):\n{}\n    return t + s\nt = inner({})".format,
            st.lists(
                st.builds("self.add_equity({})".format, st.sampled_from(["t", "s", "t + s"])), max_size=2
            )
            .map(lambda lines: [*lines, "pass"])
            .map(_indented),
            TEXTS,
        ),
        st.builds("try:\n{}\nfinally:\n{}".format, body, body),
    )


def _programs(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    statements = st.recursive(_simple(), lambda inner: _blocks(conditions, inner), max_leaves=8)
    return st.lists(statements, min_size=1, max_size=5).map(lambda lines: START + "\n".join(lines))


def _analysed(workspace: Workspace, body: str) -> tuple[int, str]:
    read = workspace.main(HEAD + indent(body, " " * 8) + "\n")
    return read.requirements.num_securities, "\n".join(read.sources("num_securities"))


@SETTINGS
@given(body=_programs(CONDITIONS))
def test_of_known_code_exactly_what_it_subscribes_to_is_found(body: str, workspace: Workspace) -> None:
    expected = tickers_when_run(body)
    if expected is None or any("," in ticker for ticker in expected):
        return
    number, shown = _analysed(workspace, body)

    assert number == len(expected), shown
    if number <= 12 and all(len(ticker) <= 40 for ticker in expected):
        listed = [line.rpartition(": ")[2].split(", ") for line in shown.splitlines() if "add_equity" in line]
        assert {ticker for line in listed for ticker in line} >= {one for one in expected if one}, shown


@SETTINGS
@given(body=_programs(UNKNOWN_CONDITIONS), seeds=st.lists(st.integers(0, 999), min_size=4, max_size=4))
def test_where_conditions_are_unknown_no_way_through_subscribes_to_more(
    body: str, seeds: list[int], workspace: Workspace
) -> None:
    runs = [found for seed in seeds if (found := tickers_when_run(body, seed)) is not None]
    if not runs:
        return
    number, shown = _analysed(workspace, body)

    assert number >= max(len(found) for found in runs), shown
