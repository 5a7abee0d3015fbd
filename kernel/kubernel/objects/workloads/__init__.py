"""What the kinds that make pods of a template have in common: selectors, templates, rollouts, counts, columns.

Each module is one idea; a kind's file names the pieces that it is made of.
"""
