"""The volumes of a pod, the files that they are made of, and the claims that they may be."""
