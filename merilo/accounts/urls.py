"""Addresses below `/accounts/`; the names without a room in front are those the sign-in library asks for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path

from merilo.accounts import views

own = [path("profile/", views.profile, name="me")]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", allauth.confirm_email, name="account_confirm_email"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", views.ResetPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
