"""Importing progress reports from a workbook: template, upload, comparison, confirmation, undo."""
