"""Addresses below `/accounts/`; the names without a room in front are those the sign-in library asks for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods, require_safe

from merilo.accounts import securing_views, service_views, views

# The library's pages take PUT for POST; browsers send neither PUT nor DELETE.
only_forms = require_http_methods(["GET", "HEAD", "POST"])

own = [
    path("profile/", views.profile, name="me"),
    path("mails/daily/<str:key>/", views.mails_daily, name="mails_daily"),
    path("security/prove/", service_views.prove, name="prove"),
    path("security/services/<slug:key>/connect/", service_views.connect, name="connect"),
    path("security/services/<slug:key>/disconnect/", service_views.disconnect, name="disconnect"),
    path("security/sessions/end/", securing_views.end_session, name="end_session"),
    path("security/sessions/end-all/", securing_views.end_sessions, name="end_sessions"),
]

# The second factor and what guards it; the names are the library's.
securing = [
    path("login/code/", only_forms(securing_views.EnterCode.as_view()), name="mfa_authenticate"),
    path("login/passkey/", only_forms(securing_views.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("security/", securing_views.security, name="mfa_index"),
    path(
        "security/confirm/",
        only_forms(securing_views.ConfirmByPassword.as_view()),
        name="account_reauthenticate",
    ),
    path(
        "security/confirm/code/",
        only_forms(securing_views.ConfirmByCode.as_view()),
        name="mfa_reauthenticate",
    ),
    path(
        "security/confirm/passkey/",
        only_forms(securing_views.ConfirmByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/app/", only_forms(securing_views.AddApp.as_view()), name="mfa_activate_totp"),
    path("security/app/remove/", only_forms(securing_views.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("security/passkeys/", only_forms(securing_views.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/",
        only_forms(securing_views.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", require_safe(securing_views.ShowCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        only_forms(securing_views.MakeCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]

# Signing in through an organisation's own service; the names are the library's.
through_services = [
    path("services/<slug:provider_id>/", service_views.begin, name="openid_connect_login"),
    path("services/<slug:provider_id>/answer/", service_views.answer, name="openid_connect_callback"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("", include(securing)),
    path("", include(through_services)),
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
