"""A form kept while its person was signed out goes through the very page it was meant for, once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from merilo.core.models import KeptForm
from merilo.organisations import kept as keeping
from merilo.organisations import queries
from merilo.organisations.http import PersonRequest
from merilo.organisations.middleware import put_viewer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: PersonRequest, token: str) -> HttpResponse:
    """Store the kept form; what its page then shows may be sent again from here. Anybody else gets 404."""
    if request.method == "POST":
        # The page refused the form and was shown here: what is sent now is a form like any other.
        found = queries.kept_form(token, request.user, at=timezone.now())
        return _through(request, _or_404(found), request.POST)
    found = _or_404(keeping.take(token, request.user))
    try:
        return _through(request, found, keeping.form_of(found))
    except Exception:
        # Whatever went wrong, the text is not lost: the same address tries again.
        keeping.release(found)
        raise


def _or_404(found: KeptForm | None) -> KeptForm:
    if found is None:
        raise Http404
    return found


def _through(request: HttpRequest, found: KeptForm, form: QueryDict) -> HttpResponse:
    """Call the page of the form's address as if the form arrived there now."""
    try:
        match = resolve(found.path)
    except Resolver404 as error:
        raise Http404 from error
    kwargs = dict(match.kwargs)
    request.method, request.META["REQUEST_METHOD"] = "POST", "POST"
    request.POST = form  # type: ignore[assignment]
    request.path = request.path_info = found.path
    request.resolver_match = match
    refusal = put_viewer(request, kwargs)
    return refusal or match.func(request, *match.args, **kwargs)
