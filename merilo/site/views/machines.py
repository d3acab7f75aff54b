"""What machines ask for: robots.txt, the sitemap of public pages, the icon, the security contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from merilo.assessment.api import published_reports
from merilo.feedback.api import published_labels
from merilo.improvement.api import published_plans

PUBLIC = (
    "site:home",
    "reports:index",
    "plans:index",
    "labels:index",
    "site:help",
    "site:accessibility",
    "site:privacy",
    "site:about",
)


def _plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots read the public pages only; a demo is not read at all."""
    if settings.DEMO:
        return _plain(["User-agent: *", "Disallow: /"])
    closed = [
        f"Disallow: {path}"
        for path in ("/o/", "/e/", "/c/", "/calendar/", "/accounts/", "/invitation/", "/kept/", "/operator/")
    ]
    return _plain(["User-agent: *", *closed, f"Sitemap: {settings.BASE_URL}{reverse('site:sitemap')}"])


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The addresses of the public pages, published reports, plans and labels."""
    rows: list[tuple[str, datetime | None]] = [(reverse(name), None) for name in PUBLIC]
    for revision in published_reports()[:1000]:
        address = reverse("reports:report", kwargs={"slug": revision.report.public_slug})
        rows.append((address, revision.published_at))
    for plan in published_plans()[:1000]:
        rows.append((reverse("plans:plan", kwargs={"slug": plan.plan.public_slug}), plan.published_at))
    for label in published_labels(on=timezone.localdate())[:1000]:
        parts = {"slug": label.feedback.organisation.slug}
        rows.append((reverse("labels:organisation", kwargs=parts), None))
    context = {"rows": rows, "base": settings.BASE_URL}
    return render(request, "site/sitemap.xml", context, content_type="application/xml")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for the old name get the drawn icon."""
    return HttpResponsePermanentRedirect(static("web/icon.svg"))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); it expires within a year, as the standard asks."""
    midnight = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = (midnight + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _plain(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {until}",
            "Preferred-Languages: bg, en",
            f"Canonical: {settings.BASE_URL}{reverse('site:security')}",
        ]
    )
