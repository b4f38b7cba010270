"""Hooks and their secrets, as the embedded Management API stores them."""

from django.db import models

from hooksui.data_dir.encryption import EncryptedTextField
from hooksui.data_dir.ids import new_id

NAME_LENGTH = 255  # characters of a rewritten name


class Hook(models.Model):
    """One hook. The script stands last in its row, so that lists which leave it out never read its pages."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    trigger_id = models.CharField(max_length=64)
    enabled = models.BooleanField(default=False)
    dependencies = models.JSONField(default=dict)
    script = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["trigger_id"],
                condition=models.Q(enabled=True),
                name="one_enabled_hook_per_trigger",
            ),
        )
        # In the order of lists, so that a page of some hooks is read without visiting all of them.
        indexes = (
            models.Index(fields=["trigger_id", "id", "enabled"], name="hook_by_trigger"),
            models.Index(fields=["id"], condition=models.Q(enabled=True), name="enabled_hook"),
        )

    def __str__(self) -> str:
        return self.name


class HookSecret(models.Model):
    """One secret of a hook. Keys count up, which keeps the order of insertion."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=128)
    value = EncryptedTextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hook", "name"], name="one_secret_per_name"),)

    def __str__(self) -> str:
        return self.name
