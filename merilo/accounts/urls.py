"""Addresses below `/accounts/`; the names without a room in front are those the sign-in library asks for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods

from merilo.accounts import views

# The library's pages take PUT for POST; browsers send neither PUT nor DELETE.
only_forms = require_http_methods(["GET", "HEAD", "POST"])

own = [path("profile/", views.profile, name="me")]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", only_forms(views.SignIn.as_view()), name="account_login"),
    path("logout/", only_forms(allauth.logout), name="account_logout"),
    path("inactive/", only_forms(allauth.account_inactive), name="account_inactive"),
    path("signup/", only_forms(views.SignUp.as_view()), name="account_signup"),
    path(
        "confirm-email/", only_forms(allauth.email_verification_sent), name="account_email_verification_sent"
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$", only_forms(allauth.confirm_email), name="account_confirm_email"
    ),
    path("password/change/", only_forms(views.ChangePassword.as_view()), name="account_change_password"),
    path("password/reset/", only_forms(views.ResetPassword.as_view()), name="account_reset_password"),
    path("password/reset/done/", only_forms(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        only_forms(views.NewPassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        only_forms(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
