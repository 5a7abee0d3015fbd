"""The containers of a pod: what each may say, and what each sort of them may have."""
