"""What every page about a tenant does first and last."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import View

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.accounts.throttle import address_of
from hooksui.hooks.changes import Actor
from hooksui.hooks.errors import ChangedMeanwhileError
from hooksui.hooks.scripts import BrokenScriptError
from hooksui.hooks.workspace import Workspace
from hooksui.tenants.access import tenant_for, tenants_for
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.tenants.state import record_of
from hooksui.web.errors import Message
from hooksui.web.responses import failure
from hooksui.web.views import LAST_TENANT


class TenantPage(View):
    """A page about one tenant: finds the tenant and what is known of it before the method runs.

    `needs` says for each method which permission on the tenant it takes.
    """

    needs: ClassVar[dict[str, Permission]]
    tenant: Tenant
    record: TenantRecord

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Before anything is read, ask whether the person may do this.

        Raises PermissionDenied, and UnknownTenantError (404) where `slug` names none.
        """
        super().setup(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method or ""
        # A method that the page does not take is refused later, by a page that shows the tenant.
        self.tenant = tenant_for(request.user, self.needs.get(method, Permission.VIEW), kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request."""
        del kwargs["slug"]
        self.record = record_of(self.tenant)
        if len(settings.TENANTS) > 1 and request.session.get(LAST_TENANT) != self.tenant.slug:
            request.session[LAST_TENANT] = self.tenant.slug
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def workspace(self) -> Workspace:
        """What the person does with this tenant's hooks."""
        return Workspace(self.tenant, self.record, self._actor)

    def workspace_of(self, other: Tenant) -> Workspace:
        """The same of another tenant, one of `others`."""
        return Workspace(other, record_of(other), self._actor)

    def others(self, permission: Permission) -> list[Tenant]:
        """The other tenants of this dashboard, on which the person has `permission`."""
        return [other for other in tenants_for(self.request.user, permission) if other.slug != self.tenant.slug]

    @property
    def _actor(self) -> Actor:
        return Actor(self.request.user.get_username(), address_of(self.request))

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page instead of the empty one that Django answers with."""
        return failure(request, 405, "This page does not accept that request. Nothing was changed.", title="Not here")

    def conflict_text(self, conflict: ChangedMeanwhileError) -> str:
        """What happened where two saved the same hook."""
        name = conflict.theirs.name
        if not conflict.written:
            return f"{name} was changed on {self.tenant.slug} since you opened it. Nothing was overwritten."
        return (
            f"Somebody else wrote {name} on {self.tenant.slug} at the same moment, by another way than this dashboard. "
            "What is there now is not what you saved, which is still here."
        )

    def question(self, error: BrokenScriptError, done: str) -> Message:
        """Whether a hook shall run a script that cannot; `done` is a participle of what was not done yet."""
        hook, fault = error.hook, error.fault
        point = catalogue.points().get(hook.trigger)
        text = (
            f"{point.title if point else hook.trigger} {'runs' if hook.enabled else 'would run'} {hook.name}, "
            f"and this script would fail there: {fault.message} (line {fault.line}). Nothing was {done} yet."
        )
        return Message(409, "broken-script", text)

    def page(self, template: str, message: Message | None = None, *, status: int = 200, **context: Any) -> HttpResponse:
        """`template` with the tenant, its record, and the failure `message`, whose status wins, if there is one."""
        context |= {"tenant": self.tenant, "record": self.record, "failure": message}
        response = render(self.request, template, context, status=message.status if message else status)
        if message and message.seconds:
            response["Retry-After"] = str(message.seconds)
        return response
