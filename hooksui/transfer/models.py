"""An import on its way: the files, what was typed for them, and what the tenant had when it was last looked at."""

from django.db import models

from hooksui.data_dir.encryption import EncryptedTextField
from hooksui.data_dir.ids import new_id


class Import(models.Model):
    """Hooks that somebody means to bring into `tenant`, from `source`, a name for people.

    `texts`, `values` and `snapshot` are JSON; imports.py says of what. They are encrypted, since files may hold secrets
    and scripts keys; `texts` is empty once all was done. `verbatim` says that keywords mean nothing in these files.
    `outcome`, JSON as well, is that of the last application. `origin` is the tenant's, to tell it from a later one.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    tenant = models.CharField(max_length=255)
    origin = models.CharField(max_length=300)
    username = models.CharField(max_length=150)
    source = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    verbatim = models.BooleanField(default=False)
    deleting = models.BooleanField(default=False)
    texts = EncryptedTextField()
    values = EncryptedTextField(default="{}")
    snapshot = EncryptedTextField(default="", blank=True)
    looked_at = models.DateTimeField(null=True)
    outcome = EncryptedTextField(default="", blank=True)

    class Meta:
        indexes = (models.Index(fields=["created_at"], name="import_by_age"),)

    def __str__(self) -> str:
        return self.source
