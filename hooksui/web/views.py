"""Pages that belong to no room: the way in, the health check, and those for requests that lead nowhere."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, is_valid_path
from django.views.decorators.http import require_safe

from hooksui import __version__
from hooksui.accounts.permissions import Permission
from hooksui.tenants.access import UnknownTenantError, tenants_for
from hooksui.web import logs
from hooksui.web.responses import failure, own_fault_message, wants_json

# The session's key for the tenant that was looked at last.
LAST_TENANT = "last_tenant"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the hooks of the tenant that was looked at last, or of the first one."""
    slugs = [tenant.slug for tenant in tenants_for(request.user, Permission.VIEW)]
    if not slugs:
        raise PermissionDenied
    last = request.session.get(LAST_TENANT)
    return redirect("dashboard:list", slug=last if last in slugs else slugs[0])


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and the version once this process serves. A tenant that cannot be reached does not count."""
    return JsonResponse({"status": "ok", "version": __version__})


@require_safe
def tenant_colors(request: HttpRequest) -> HttpResponse:
    """The colours of the tenants as a style sheet: a class for each, with two custom properties."""
    rules = (
        f".tenant-{tenant.slug} {{ --tenant: {tenant.color}; --on-tenant: {tenant.on_color}; }}\n"
        for tenant in tenants_for(request.user, Permission.VIEW)
        if tenant.color
    )
    response = HttpResponse("".join(rules), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be understood: too large, or for a name that this server does not go by."""
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
        message = (
            f"What was sent is larger than {limit} MB. Nothing was changed, and nothing of it was kept. "
            "Go back and make it shorter, or send it in parts."
        )
        return failure(request, 413, message, kind="too-large", title="Too large")
    if isinstance(exception, TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        message = (
            f"More than {limit} files were sent. Nothing was changed. Go back and choose only the files of the hooks."
        )
        return failure(request, 413, message, kind="too-large", title="Too many files")
    if isinstance(exception, DisallowedHost):
        message = "This server does not go by this name. An admin has to set PUBLIC_URL to its address."
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    return failure(request, 400, "This request cannot be read. Nothing was changed. Go back and try again.")


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token (CSRF): usually a page from before the last sign-in."""
    message = "This page was open for too long. What you typed is still here; send it again."
    return failure(request, 403, message, kind="form-too-old", title="Send it again")


def not_permitted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something that the person may not do."""
    message = "You may not do this here. Nothing was changed. Ask an admin for the permission."
    return failure(request, 403, message, kind="not-permitted", title="Not permitted")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such tenant, or no such page; an address that only lacks its last slash leads on."""
    with_slash = request.path + "/"
    if isinstance(exception, Resolver404) and request.method in ("GET", "HEAD") and is_valid_path(with_slash):
        return redirect(f"{with_slash}?{query}" if (query := request.META.get("QUERY_STRING")) else with_slash)
    if isinstance(exception, UnknownTenantError):
        message = f"There is no tenant {exception.slug} here. Choose one of these."
        return failure(request, 404, message, kind="unknown-tenant", title="No such tenant")
    message = "There is no page at this address. Go to the list of hooks."
    return failure(request, 404, message, kind="not-found", title="No such page")


def own_fault(request: HttpRequest) -> HttpResponse:
    """A failure of our own. The log has the traceback under the number that the page shows.

    The page asks neither session nor database, which may be what failed.
    """
    number = logs.current_request.get()
    if wants_json(request):
        return failure(request, 500, own_fault_message(number), kind="own-fault")
    return HttpResponse(render_to_string("web/own_fault.html", {"number": number}), status=500)
