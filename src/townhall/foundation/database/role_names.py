"""The names of the two roles, readable before Django is set up."""

APPLICATION_ROLE = "townhall_app"
OWNER_ROLE = "townhall"
OWNER_ALIAS = "owner"
