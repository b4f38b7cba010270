"""Plain Django views that do what ours do and nothing around it, at addresses beside the dashboard's."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from hooksui.dashboard.sections import sections_of
from hooksui.embedded.models import Hook
from hooksui.tenants.config import LOCAL
from hooksui.tenants.state import last_known_hooks, record_of


def hook_list(request: HttpRequest) -> HttpResponse:
    """The list of hooks from constants."""
    return render(request, "dashboard/hook_list.html", _list())


def hook(request: HttpRequest, hook_id: str) -> JsonResponse:
    """GET: one hook. PATCH: the same with another script, stored."""
    if request.method == "GET":
        fields = ("id", "name", "script", "dependencies", "enabled", "trigger_id")
        return JsonResponse(Hook.objects.filter(pk=hook_id).values(*fields).first())
    with transaction.atomic():
        found = Hook.objects.select_for_update().filter(pk=hook_id).first()
        assert found
        found.script = json.loads(request.body)["script"]
        found.save(update_fields=["script"])
    return JsonResponse(
        {
            "id": found.id,
            "name": found.name,
            "script": found.script,
            "dependencies": found.dependencies,
            "triggerId": found.trigger_id,
            "enabled": found.enabled,
        }
    )


@cache
def _list() -> dict[str, Any]:
    tenant = settings.TENANTS[LOCAL]
    record = record_of(tenant)
    hooks = last_known_hooks(record)
    return {
        "tenant": tenant,
        "record": record,
        "failure": None,
        "sections": sections_of(hooks),
        "total": len(hooks),
        "enabled": sum(hook.enabled for hook in hooks),
    }


urlpatterns = [
    path("reference/hooks/", hook_list),
    path("reference/hooks/<str:hook_id>", hook),
    path("", include("hooksui.urls")),
]
