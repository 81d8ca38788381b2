"""The ledger of problems (问题台账): rows, forms and the pages on which problems are raised, moved and resolved."""
