"""What a password must be, said in the person's language."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters; the library's own sentence is not translated everywhere."""

    def get_error_message(self) -> str:
        """The sentence beside the field."""
        return ngettext(
            "The password is too short: it needs at least %(least)s character.",
            "The password is too short: it needs at least %(least)s characters.",
            self.min_length,
        ) % {"least": self.min_length}
