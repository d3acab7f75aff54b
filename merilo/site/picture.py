"""The picture on the public page: ten scores of one sub-criterion, as the group sees them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.web.charts import Dots, Drawing, dots
from merilo.web.drawings import words

SCORES = (25, 35, 40, 40, 45, 45, 50, 55, 55, 70)


def example() -> Drawing:
    """An invented example, drawn like the real ones."""
    return dots(
        Dots(
            title=_("Ten assessors, one sub-criterion"),
            description=_("Each dot is one person’s score, all alike and without names."),
            scores=SCORES,
            middle=(45,),
        ),
        words=words(),
    )
