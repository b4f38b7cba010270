import django.db.models.deletion
from django.db import migrations, models

import hooksui.data_dir.encryption
import hooksui.data_dir.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=hooksui.data_dir.ids.new_id,
                        editable=False,
                        max_length=26,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                ("trigger_id", models.CharField(max_length=64)),
                ("enabled", models.BooleanField(default=False)),
                ("dependencies", models.JSONField(default=dict)),
                ("script", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["trigger_id", "id", "enabled"], name="hook_by_trigger"),
                    models.Index(condition=models.Q(("enabled", True)), fields=["id"], name="enabled_hook"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("enabled", True)),
                        fields=("trigger_id",),
                        name="one_enabled_hook_per_trigger",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HookSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=128)),
                ("value", hooksui.data_dir.encryption.EncryptedTextField()),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="secrets", to="embedded.hook"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hook", "name"), name="one_secret_per_name")],
            },
        ),
    ]
