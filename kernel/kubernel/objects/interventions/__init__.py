"""Those outside who have a say in writes: webhooks that are called, and policies that are evaluated.

What their configurations must look like. Acting on them is the API server's business (``api/admission``).
"""
