"""Who runs this platform."""

from __future__ import annotations

import pytest

from merilo.accounts.models import Person
from merilo.accounts.permissions import is_operator, require_operator
from merilo.core.errors import Refused


def test_operators_who_are_active_run_the_platform():
    operator = Person(is_operator=True)
    require_operator(operator)
    for other in (Person(), Person(is_operator=True, is_active=False)):
        assert not is_operator(other)
        with pytest.raises(Refused):
            require_operator(other)
