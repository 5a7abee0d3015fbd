"""The API server: HTTP in, objects out.

`server.serve` is its process; `routes` maps paths to verbs; the verbs (`reads`, `writes`, `deletion`, `watching`,
`subresources`, `logs`) are plain functions of a `Call`.
"""
