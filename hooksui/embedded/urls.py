"""The embedded Management API: its resources."""

from hooksui.embedded import applications, hooks, secrets
from hooksui.embedded.table import table_of

urlpatterns = table_of(
    [
        hooks.RESOURCE,
        secrets.RESOURCE,
        applications.RESOURCE,
    ]
)
