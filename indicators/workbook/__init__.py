"""Workbooks as offices make them: read, handed out as templates, handed back with their problems. Pure: no Django.

Stages of reading values, each a module: `opening` (bytes → tables, hostile files refused), `headers` and `columns`
(which column means what), `cells` (one cell → figure, grade, finding or problem), `matching` (a name → an indicator),
`mark` (our own templates) and `reading`, which runs them all and reports every problem at once.

`template` writes what people fill, `marking` marks problems in a copy of their file, `plan_table` understands the
indicator table of a published plan (`plan_columns`, `plan_rows`, `guesses`).
"""
