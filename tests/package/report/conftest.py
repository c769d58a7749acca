"""The story that the figures, the checks and the page are tested on."""

import pytest
from support.story import Told, tell_story


@pytest.fixture
def told() -> Told:
    return tell_story()
