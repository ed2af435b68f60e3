"""Texts of this room that are written before the language of the reader is known."""

from __future__ import annotations

from django.utils.functional import lazy

from townhall.foundation.text import gettext

lazy_gettext = lazy(gettext, str)
