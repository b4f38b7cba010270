"""Two tenants side by side."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError
from hooksui.dashboard.views.page import TenantPage
from hooksui.transfer.planning import comparing, snapshot, wording
from hooksui.transfer.progress import finish
from hooksui.web.errors import message_of


class TenantCompare(TenantPage):
    """This tenant's hooks beside those of another one."""

    needs: ClassVar = {"GET": Permission.VIEW}

    template = "dashboard/transfer/compare.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice of a tenant; with `?with=` what differs, and with `?secrets=on` in names of secrets as well."""
        others = self.others(Permission.VIEW)
        other = next((other for other in others if other.slug == request.GET.get("with")), None)
        with_secrets = request.GET.get("secrets") == "on"
        context: dict[str, Any] = {"others": others, "other": other, "with_secrets": with_secrets}
        if other is None:
            return self.page(self.template, **context)
        sides = (self.workspace, self.workspace_of(other))
        listed, taken = [], []
        try:
            for side in sides:
                listed.append(finish(snapshot.take_hooks(side)))
            # Secrets of a hook that has none beside it are not shown.
            wanted = comparing.in_both(*listed) if with_secrets else set()
            for side, hooks in zip(sides, listed, strict=True):
                taken.append(finish(snapshot.add_secrets(side, hooks, lambda hook: hook.id in wanted)))
        except ApiError as error:
            return self.page(self.template, message_of(error, side.tenant), **context)
        pairs = comparing.compare(*taken)
        context |= {"pairs": wording.compared(pairs), "same": sum(pair.same for pair in pairs)}
        return self.page(self.template, **context)
