"""A form kept while its person was signed out goes through the very page it was meant for, once."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merilo.core import owner
from merilo.core.models import KeptForm
from merilo.organisations import kept as keeping
from merilo.organisations import queries
from merilo.organisations.http import PersonRequest
from merilo.organisations.kept import asks_to_sign_in
from merilo.organisations.middleware import put_viewer
from merilo.web.errors import error_page


@asks_to_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: PersonRequest, token: str) -> HttpResponse:
    """Store the kept form; what its page then shows may be sent again from here. Anybody else gets 404."""
    try:
        return _stored(request, token)
    except KeptForm.DoesNotExist:
        sentence = _("What was kept here belongs to somebody else, has been stored already or has expired.")
        return error_page(request, 404, sentence)


def _stored(request: PersonRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        # The page refused the form and was shown here: what is sent now is a form like any other.
        found = queries.kept_form(token, request.user, at=timezone.now())
        return _through(request, _standing(found), request.POST)
    found = _standing(keeping.take(token, request.user))
    try:
        return _through(request, found, keeping.form_of(found))
    except Exception:
        # Whatever went wrong, the text is not lost: the same address tries again.
        keeping.release(found)
        raise


def _standing(found: KeptForm | None) -> KeptForm:
    if found is None:
        raise KeptForm.DoesNotExist
    return found


def _through(request: HttpRequest, found: KeptForm, form: QueryDict) -> HttpResponse:
    """Call the page of the form's address as if the form arrived there now."""
    try:
        path, _, query = found.path.partition("?")
        match = resolve(path)
    except Resolver404 as error:
        raise Http404 from error
    kwargs = dict(match.kwargs)
    request.GET, request.META["QUERY_STRING"] = QueryDict(query), query
    request.method, request.META["REQUEST_METHOD"] = "POST", "POST"
    request.POST = form  # type: ignore[assignment]
    lost = {name: [owner.LostFile(name)] for name in form.getlist(owner.LOST_FILE)}
    request._files = MultiValueDict(lost)  # type: ignore[attr-defined]  # noqa: SLF001  read anew, it would empty POST
    request.path = request.path_info = path
    request.resolver_match = match
    refusal = put_viewer(request, kwargs)
    return refusal or match.func(request, *match.args, **kwargs)
