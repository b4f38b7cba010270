"""Pages whose work takes a while: told line by line to a script, done in one go for a browser without one."""

import base64
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from hooksui.auth0.errors import ApiError
from hooksui.dashboard.views.page import TenantPage
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.imports import ImportDiscardedError, ImportDoneError, ImportRunningError, PlanChangedError
from hooksui.transfer.progress import Work, finish
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure, json_lines, wants_json


@dataclass(frozen=True)
class Go:
    """The work is done, and the page at `address` shows what came of it."""

    address: str


@dataclass(frozen=True)
class File:
    """The work has made a zip, which the person gets as the file `name`."""

    name: str
    content: bytes


_FAULTS = (
    ApiError,
    UnreadableError,
    ValidationError,
    PlanChangedError,
    ImportRunningError,
    ImportDiscardedError,
    ImportDoneError,
)


class WorkPage(TenantPage):
    """A page with a form that starts long work."""

    def answer(self, work: Work[Go | File]) -> HttpResponseBase:
        """Do `work`. For a script: lines of JSON.

        `{"done", "total", "what"}` as it goes on, then `{"go"}` with an address, or `{"file", "content"}` with a name
        and base64, or `{"error": {"message", "kind"}}`.
        """
        if wants_json(self.request):
            return json_lines(self._events(work))
        try:
            end = finish(work)
        except _FAULTS as error:
            return self.refused(self.explain(error))
        if isinstance(end, Go):
            return redirect(end.address)
        answer = HttpResponse(end.content, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{end.name}"'
        return answer

    def decline(self, text: str) -> HttpResponse:
        """Say that nothing is begun, and why."""
        if wants_json(self.request):
            return failure(self.request, 400, text, kind="invalid")
        return self.refused(Message(400, "invalid", text))

    def explain(self, error: Exception) -> Message:
        """The sentence for what ended the work. Whatever ends it does so before the tenant is written to."""
        if isinstance(error, ApiError):
            message = message_of(error, self.tenant)
            return replace(message, text=f"{message.text} Nothing was changed.")
        if isinstance(error, UnreadableError):
            return Message(400, "unreadable", f"{error} Nothing was changed.")
        if isinstance(error, ImportRunningError):
            text = f"An import into {self.tenant.slug} is in progress. Open this page again when it has finished."
            return Message(409, "busy", text)
        if isinstance(error, ValidationError):
            return Message(400, "invalid", " ".join(error.messages))
        if isinstance(error, ImportDiscardedError):
            text = (
                "Somebody discarded this import in the meantime. Its files and what was typed for it are gone. "
                f"Start another one: its plan shows what {self.tenant.slug} has by now."
            )
            return Message(410, "discarded", text)
        if isinstance(error, ImportDoneError):
            text = "This import was done before, and what you typed now was not kept. Start another one."
            return Message(409, "done", text)
        text = f"{self.tenant.slug} or your values changed after you saw the plan. Nothing was written. Look again."
        return Message(409, "changed", text)

    def refused(self, message: Message) -> HttpResponse:
        """The page with `message`, for a browser without a script."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page with its form."""
        raise NotImplementedError

    def _events(self, work: Work[Go | File]) -> Generator[dict[str, Any]]:
        # A person who is gone ends the work; what was begun is brought to its end.
        with closing(work):
            try:
                while True:
                    step = next(work)
                    yield {"done": step.done, "total": step.total, "what": step.told}
            except StopIteration as end:
                if isinstance(end.value, Go):
                    yield {"go": end.value.address}
                else:
                    content = base64.b64encode(end.value.content).decode("ascii")
                    yield {"file": end.value.name, "content": content}
            except _FAULTS as error:
                message = self.explain(error)
                yield {"error": {"message": message.text, "kind": message.kind}}
