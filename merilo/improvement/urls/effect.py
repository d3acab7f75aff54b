"""What came of a plan, and what is carried over into the next cycle."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import effect, following

urlpatterns = [
    path("<uuid:plan>/effect/", effect.effect, name="effect"),
    path("<uuid:plan>/next/", following.following, name="next_cycle"),
    path("<uuid:plan>/close/", following.close, name="close"),
    path("<uuid:plan>/reopen/", following.reopen, name="reopen"),
]
