"""The paths of the embedded Management API, none with a trailing slash, each with the methods that it takes."""

from django.urls import path, re_path

from hooksui.embedded import applications, hooks, oauth, secrets, shapes
from hooksui.embedded.entry import Operation, endpoint

_hooks = endpoint(
    {
        "GET": Operation("read:hooks", hooks.list_hooks, query=shapes.LIST_QUERY),
        "POST": Operation("create:hooks", hooks.create_hook, body=shapes.NEW_HOOK, writes_hook=True),
    }
)
_hook = endpoint(
    {
        "GET": Operation("read:hooks", hooks.read_hook, "ID of the hook to retrieve.", query=shapes.HOOK_QUERY),
        "PATCH": Operation(
            "update:hooks", hooks.update_hook, "ID of the hook to update.", body=shapes.HOOK_CHANGES, writes_hook=True
        ),
        "DELETE": Operation("delete:hooks", hooks.delete_hook, "ID of the hook to delete."),
    }
)
_secrets = endpoint(
    {
        "GET": Operation("read:hooks", secrets.read_secrets, "ID of the hook to retrieve secrets from."),
        "POST": Operation("update:hooks", secrets.add_secrets, "The id of the hook to retrieve", body=shapes.SECRETS),
        "PATCH": Operation(
            "update:hooks", secrets.update_secrets, "ID of the hook whose secrets to update.", body=shapes.SECRETS
        ),
        "DELETE": Operation(
            "delete:hooks", secrets.delete_secrets, "ID of the hook whose secrets to delete.", body=shapes.SECRET_NAMES
        ),
    }
)
_applications = endpoint(
    {"GET": Operation("read:hooks", applications.list_applications, query=shapes.APPLICATION_QUERY)}
)

urlpatterns = [
    path("oauth/token", oauth.token),
    path("api/v2/hooks", _hooks),
    path("api/v2/hooks/<str:hook_id>", _hook),
    path("api/v2/hooks/<str:hook_id>/secrets", _secrets),
    path("api/v2/clients", _applications),
    # Clients parse errors as JSON, also those of paths that the API does not have.
    re_path(r"^api/v2(?:/[\s\S]*)?$", endpoint({})),
]
