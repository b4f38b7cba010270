"""What the dashboard has found out about each tenant, kept so that it can be said before and without an answer."""

from django.db import models


class Trouble(models.TextChoices):
    """Why a tenant's hooks cannot be had at the moment. The values stand in the database."""

    NONE = "", ""
    UNREACHABLE = "unreachable", "unreachable"
    NOT_PERMITTED = "not-permitted", "not permitted"
    GONE = "gone", "gone"


class TenantRecord(models.Model):
    """The state and the last known list of the tenant at `origin`.

    `hooks` has dicts with id, name, trigger and enabled, no scripts.
    """

    slug = models.CharField(primary_key=True, max_length=255)
    origin = models.CharField(max_length=300)
    trouble = models.CharField(max_length=20, choices=Trouble.choices, default=Trouble.NONE, blank=True)
    read_only = models.BooleanField(default=False)
    hooks = models.JSONField(default=list)
    hooks_seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug
