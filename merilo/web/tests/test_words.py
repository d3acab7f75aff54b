"""Words filters: numbers and sizes as people write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from merilo.web.templatetags.words import weight


@pytest.mark.parametrize(
    ("size", "bg", "en"),
    [
        (12, "12 B", "12 B"),
        (216_681, "212 KB", "212 KB"),
        (1_300_000, "1,2 MB", "1.2 MB"),
        (2 * 1024 * 1024, "2 MB", "2 MB"),
    ],
)
def test_a_size_is_short_and_has_one_space(size, bg, en):
    for language, words in (("bg", bg), ("en", en)):
        with translation.override(language):
            assert weight(size).replace("\N{NO-BREAK SPACE}", " ") == words
