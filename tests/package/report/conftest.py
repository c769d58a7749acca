"""The stories that reports are tested on: one as events, one as rows of the index."""

import pytest
from support.ledger_town import Town, tell_town
from support.story import Told, tell_story


@pytest.fixture
def told() -> Told:
    return tell_story()


@pytest.fixture
def town() -> Town:
    return tell_town()
