"""Applications: this tenant has none, but tools that work on hooks ask for their list first.

The Deploy CLI does before each dry run. The contract's scope, `read:clients`, is none of this API's; as a part of the
work on hooks the list needs theirs, and goes with them.
"""

from hooksui.embedded import modes
from hooksui.embedded.checker import Shape
from hooksui.embedded.entry import Answer, Call, Operation, Resource
from hooksui.embedded.queries import PAGING, with_totals


def list_applications(call: Call) -> Answer:
    """An empty page, with totals where they are wanted."""
    return Answer(200, with_totals(call, "clients", [], 0) if call.query.get("include_totals") else [])


# What an application may be asked for by does not matter where there is none.
_QUERY = Shape("object", known=PAGING, others=Shape("string"))

RESOURCE = Resource(
    {"clients": {"GET": Operation("read:hooks", list_applications, query=_QUERY)}}, gate=modes.refuse_where_gone
)
