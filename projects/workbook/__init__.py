"""Workbooks with the progress of key projects: templates, and what a filled one or an office's own table states.

Pure: no Django. Opening, headers, cells, marks and problems are those of `indicators.workbook`; here stands what is
particular to projects: `columns`, `rows` (cells of a table), `reading` (the reports of a file), `template`.
"""
