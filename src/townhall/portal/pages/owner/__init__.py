"""The service workshop: definitions with their health, versions, differences and use."""
