"""Addresses of the site itself: public pages, the ways in, what robots ask for, and “My work”."""

from __future__ import annotations

from django.urls import path

from merilo.organisations.views import calendar, joining, kept
from merilo.site.views import demo, home, machines, pages, work

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("o/<slug:org>/", work.work, name="work"),
    path("join/", joining.found, name="join"),
    path("accounts/invitation/<slug:token>/", joining.invitation, name="invitation"),
    path("kept/<slug:token>/", kept.kept, name="kept"),
    path("accounts/calendar/", calendar.page, name="calendar"),
    path("calendar/<slug:token>.ics", calendar.feed, name="calendar_feed"),
    path("logo/<uuid:pk>/", joining.logo, name="logo"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("about/", pages.about, name="about"),
    path("demo/", demo.people, name="demo"),
    path("demo/mail/", demo.mail, name="demo_mail"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path(".well-known/security.txt", machines.security, name="security"),
]
