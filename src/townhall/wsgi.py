"""The web process: granian (or any WSGI server) serves `application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.django_settings")

application = get_wsgi_application()
