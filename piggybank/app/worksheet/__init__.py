"""A run on paper: a sheet whose numbers are to be computed by hand, and its answer key, from the same ledger."""
