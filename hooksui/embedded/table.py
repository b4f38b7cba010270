"""The table of paths of a Management API: the token endpoint, the paths of its resources, and 404 for all others."""

from collections.abc import Sequence

from django.urls import URLPattern, path, re_path

from hooksui.embedded import oauth
from hooksui.embedded.entry import Resource, endpoint


def table_of(resources: Sequence[Resource]) -> list[URLPattern]:
    """URL patterns, none with a trailing slash. Tokens are given out for the scopes that `resources` need."""
    scopes = dict.fromkeys(scope for resource in resources for scope in resource.scopes)
    return [
        path("oauth/token", oauth.token_endpoint(tuple(scopes))),
        *(
            path(f"api/v2/{address}", endpoint(resource, operations))
            for resource in resources
            for address, operations in resource.paths.items()
        ),
        # Clients parse errors as JSON, also those of paths that the API does not have.
        re_path(r"^api/v2(?:/[\s\S]*)?$", endpoint(Resource({}), {})),
    ]
