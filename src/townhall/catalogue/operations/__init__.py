"""What can be done with the catalogue: read it, search it, publish into it.

Reading costs no query while the process knows which versions are live (for
`library.FRESH_SECONDS`) and has them in memory (for ever: a version never
changes).
"""

from townhall.catalogue.operations.library import (
    ServiceCard,
    ServiceNotFound,
    VersionNotFound,
    by_hash,
    forget,
    key_of,
    live,
    number_of,
    once_only,
    pack,
    search,
    services,
    services_for_roles,
)
from townhall.catalogue.operations.owning import (
    Checked,
    Health,
    check,
    difference,
    health,
    source_of,
    versions,
)
from townhall.catalogue.operations.publishing import (
    NotPermitted,
    Publication,
    PublicationRefused,
    load_packs,
    publish,
)

__all__ = [
    "Checked",
    "Health",
    "NotPermitted",
    "Publication",
    "PublicationRefused",
    "ServiceCard",
    "ServiceNotFound",
    "VersionNotFound",
    "by_hash",
    "check",
    "difference",
    "forget",
    "health",
    "key_of",
    "live",
    "load_packs",
    "number_of",
    "once_only",
    "pack",
    "publish",
    "search",
    "services",
    "services_for_roles",
    "source_of",
    "versions",
]
