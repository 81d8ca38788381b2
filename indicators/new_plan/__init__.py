"""A plan from its own table: upload, see how each row is understood, correct, create."""
