"""What a password must be, said in the house's languages.

Length counts, composition does not (NIST SP 800-63B §3.1.1.2); known and
personal passwords are refused.
"""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher

from townhall.foundation.text import gettext as _

LEAST = 12


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's figures: 19 MiB, 2 passes, 1 lane.

    Django's 100 MiB a sign-in would let a handful of strangers fill a small machine.
    """

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1


class LongEnough(password_validation.MinimumLengthValidator):
    """At least `LEAST` characters."""

    def __init__(self) -> None:
        super().__init__(min_length=LEAST)

    def get_error_message(self) -> str:
        return _("The password is too short. Use at least %(number)s characters, for example "
                 "four words.") % {"number": self.min_length}  # fmt: skip


class NotPersonal(password_validation.UserAttributeSimilarityValidator):
    """Not like the name or the email address."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("email", "display_name"))

    def get_error_message(self) -> str:
        return _("The password is too much like your name or email address. Choose another.")


class NotKnown(password_validation.CommonPasswordValidator):
    """Not among the 20,000 that attackers try first."""

    def get_error_message(self) -> str:
        return _("Many people use this password, so it is easy to guess. Choose another.")
