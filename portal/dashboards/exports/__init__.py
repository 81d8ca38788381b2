"""The public pages as files: one module per page, beside its builder. A row says what the row on the page says."""
