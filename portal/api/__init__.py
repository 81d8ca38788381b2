"""The root of the REST API: addresses, who is let in and how often, the schema, and the guide."""
