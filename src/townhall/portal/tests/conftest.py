"""The browser and the town hall that it looks at, for the tests of this room."""

from townhall.portal.tests.browser import chromium, site, visit

__all__ = ["chromium", "site", "visit"]
