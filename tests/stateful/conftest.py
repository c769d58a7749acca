"""Has pytest explain the assertions of the machine as it explains those of tests."""

import pytest

pytest.register_assert_rewrite("stateful.machine")
