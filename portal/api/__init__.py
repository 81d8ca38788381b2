"""The root of the REST API: addresses, who is let in, and the schema."""
