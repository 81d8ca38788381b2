"""Importing yearly values from a workbook: upload, comparison, confirmation, undo."""
