"""Two tenants side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from hooksui.auth0.errors import ServiceError
from hooksui.dashboard.views.page import TenantPage
from hooksui.tenants.state import record_of
from hooksui.transfer import comparing, snapshot, wording
from hooksui.transfer.work import finish
from hooksui.web.errors import message_of


class TenantCompare(TenantPage):
    """This tenant's hooks beside those of another one."""

    template = "dashboard/transfer/compare.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice of a tenant; with `?with=` what differs, and with `?secrets=on` in names of secrets as well."""
        other = next((other for other in self.others if other.slug == request.GET.get("with")), None)
        with_secrets = request.GET.get("secrets") == "on"
        context: dict[str, Any] = {"others": self.others, "other": other, "with_secrets": with_secrets}
        if other is None:
            return self.page(self.template, **context)
        taken = []
        for tenant, record in ((self.tenant, self.record), (other, record_of(other))):
            try:
                taken.append(finish(snapshot.take(tenant, record, lambda hook: with_secrets)))
            except ServiceError as error:
                return self.page(self.template, message_of(error, tenant), **context)
        pairs = comparing.compare(*taken)
        context |= {"pairs": wording.compared(pairs), "same": sum(pair.same for pair in pairs)}
        return self.page(self.template, **context)
