"""What a pod's spec means: its defaults, its rules, its allowed changes and its summary.

Used by every kind that is a pod or carries a template of one.
"""
