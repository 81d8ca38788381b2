"""Who answers for what, and how they stand: board, page of a department, list and matrix of duties."""
