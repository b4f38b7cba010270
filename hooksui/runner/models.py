"""What was run, and the payloads that people keep for a hook. No secret is in here: values are replaced by names."""

from django.db import models

from hooksui.data_dir.ids import new_id
from hooksui.runner.outcome import Ending, label_of


class Run(models.Model):
    """One run of a hook: who ran it when, with which payload, and what came of it.

    `modified` says that the script was not what the tenant had. `outcome` is an `Outcome` as a dict, shortened where
    it is long, with the `version` of its shape: `records.outcome_of` reads it. `ending` and `duration_ms` stand beside
    it for lists.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    tenant = models.CharField(max_length=255)
    hook_id = models.CharField(max_length=64)
    hook_name = models.CharField(max_length=255)
    trigger = models.CharField(max_length=64)
    username = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    modified = models.BooleanField(default=False)
    ending = models.CharField(max_length=20)
    duration_ms = models.FloatField()
    payload = models.TextField()
    outcome = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "hook_id", "-id"], name="run_by_hook"),)

    def __str__(self) -> str:
        return self.id

    @property
    def label(self) -> str:
        """How it ended, in a few words."""
        return label_of(Ending(self.ending), self.trigger)


class Payload(models.Model):
    """A payload that somebody kept under a name."""

    tenant = models.CharField(max_length=255)
    hook_id = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "hook_id", "name"], name="one_payload_per_name"),)

    def __str__(self) -> str:
        return self.name
