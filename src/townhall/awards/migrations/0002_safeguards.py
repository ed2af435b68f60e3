"""Row-level security of awards; what was known, decided and paid only grows."""

from django.db import migrations

from townhall.foundation.database.policies import append_only, citizen_owned

TABLES = ("award", "fact", "watch", "assessment", "ruling", "entry", "offer")
ONLY_GROWING = ("fact", "assessment", "ruling", "entry")


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_awards")]

    operations = [
        *[citizen_owned(f"awards_{name}", has_service=True) for name in TABLES],
        *[append_only(f"awards_{name}") for name in ONLY_GROWING],
    ]
