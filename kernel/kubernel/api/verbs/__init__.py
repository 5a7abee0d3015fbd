"""The verbs: plain functions from a `Call` to an `Answer`; `table` says which HTTP method means which."""
