"""Servers of others that objects of the cluster name: webhooks, conversions, aggregated APIs.

`endpoints` finds where they are and how their certificates are checked, `calling` sends one request and reads one
answer. Whatever goes wrong is an `OutsideError` with a sentence that its caller puts into its own words.
"""
