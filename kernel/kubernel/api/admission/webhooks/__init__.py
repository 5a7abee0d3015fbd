"""Admission webhooks: others' HTTPS servers that complete or judge a write.

`configured` is what their configurations mean, `calling` asks one of them, `mutating` and `validating` ask all that a
write concerns.
"""
