"""Reaching an API server: where it is, how to ask, what it serves."""
