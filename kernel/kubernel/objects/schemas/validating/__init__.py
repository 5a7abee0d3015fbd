"""Validation of values by a schema: `validator` is the face, the rest makes two foreign dialects one."""
