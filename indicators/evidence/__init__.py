"""Pages that list, take and hand out files."""
