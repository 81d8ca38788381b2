"""Reading workbooks as offices make them: from the bytes of a file to the yearly values it states. Pure: no Django.

Stages, each a module: `opening` (bytes → tables, hostile files refused), `headers` and `columns` (which column means
what), `cells` (one cell → figure, grade, finding or problem), `matching` (a name → an indicator), `mark` (our own
templates) and `reading`, which runs them all and reports every problem at once.
"""
