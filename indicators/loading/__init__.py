"""Topics, plans, indicators, measures and published values from their fixture files (format: fixtures/README.md)."""
