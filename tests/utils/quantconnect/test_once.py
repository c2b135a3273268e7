"""Making something exactly once, whichever answers are lost and however late things happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.quantconnect.errors import OutcomeUnknownError, RefusedError, UnreachableError
from utils.quantconnect.once import Lookout, create_once

LOOKOUT = Lookout(looks=3, pause=1.0, tries=3, sleep=lambda _: None)


class Cloud:
    """Makes at most one thing, as QuantConnect does for a project's live algorithm.

    Each try has a script: 'answered', 'lost' (made, no answer), 'late' (made after one look), 'nothing' (lost
    before it arrived).
    """

    def __init__(self, script: list[str]) -> None:
        self.script = script
        self.made = 0
        self.late = False

    def attempt(self) -> str:
        act = self.script.pop(0) if self.script else "nothing"
        if self.made or self.late:
            raise RefusedError("live/create", ("already running",))
        if act == "late":
            self.late = True
        elif act != "nothing":
            self.made += 1
        if act == "answered":
            return "made"
        raise OutcomeUnknownError("live/create: lost")

    def find(self) -> str | None:
        if self.made:
            return "made"
        if self.late:
            self.late, self.made = False, 1
        return None


@given(st.lists(st.sampled_from(["answered", "lost", "late", "nothing"]), max_size=5))
def test_it_is_made_once_or_the_doubt_is_told(script: list[str]) -> None:
    cloud = Cloud(list(script))
    happens = [act for act in script[: LOOKOUT.tries] if act != "nothing"]
    if happens:
        assert create_once(cloud.attempt, cloud.find, LOOKOUT) == "made"
        assert cloud.made == 1
    else:
        with pytest.raises(OutcomeUnknownError, match="look before trying again"):
            create_once(cloud.attempt, cloud.find, LOOKOUT)
        assert cloud.made == 0


def test_a_first_refusal_is_final() -> None:
    tries = []

    def attempt() -> str:
        tries.append(1)
        raise RefusedError("live/create", ("node busy",))

    with pytest.raises(RefusedError, match="node busy"):
        create_once(attempt, lambda: "somebody else's", LOOKOUT)
    assert len(tries) == 1


def test_when_looking_fails_too_nothing_is_tried_again() -> None:
    tries = []

    def attempt() -> str:
        tries.append(1)
        raise OutcomeUnknownError("live/create: the connection was lost")

    def find() -> str | None:
        raise UnreachableError("live/read: no connection")

    with pytest.raises(OutcomeUnknownError, match="looking failed"):
        create_once(attempt, find, LOOKOUT)
    assert len(tries) == 1
