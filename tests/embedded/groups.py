"""A second resource as it would be added, groups of people: its module, with a model that is there already.

This module is its table of paths as well, in which hooks stand beside it.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from hooksui.embedded import hooks
from hooksui.embedded.checker import Shape
from hooksui.embedded.entry import Answer, Call, Operation, Resource
from hooksui.embedded.errors import ApiError
from hooksui.embedded.queries import PAGING, choice_of, chosen, page_of
from hooksui.embedded.table import table_of

FIELDS = ("id", "name")


def list_groups(call: Call) -> Answer:
    """One page of all groups."""
    fields = chosen(call.query, FIELDS)
    return page_of(call, "groups", Group.objects.order_by("pk"), lambda group: shown(group, fields))


def read_group(call: Call) -> Answer:
    """One group."""
    group = Group.objects.filter(pk=call.id).first()
    if group is None:
        raise ApiError(404, "The group does not exist.", "inexistent_group")
    return Answer(200, shown(group, FIELDS))


def create_group(call: Call) -> Answer:
    """A new group."""
    with transaction.atomic():
        return Answer(201, shown(Group.objects.create(name=call.body["name"]), FIELDS))


def shown(group: Group, fields: Any) -> dict[str, str]:
    return {field: str(getattr(group, field)) for field in fields}


NEW = Shape("object", known={"name": Shape("string", "Name of the group.", least=1, most=150)}, required=("name",))
QUERY = Shape("object", known={**PAGING, **choice_of(FIELDS)})

RESOURCE = Resource(
    {
        "groups": {
            "GET": Operation("read:groups", list_groups, query=QUERY),
            "POST": Operation("create:groups", create_group, body=NEW),
        },
        "groups/<str:id>": {"GET": Operation("read:groups", read_group, "ID of the group.")},
    },
    id_pattern="^[0-9]+$",
)

urlpatterns = table_of([hooks.RESOURCE, RESOURCE])
