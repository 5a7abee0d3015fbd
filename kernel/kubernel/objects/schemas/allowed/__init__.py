"""Which schemas a definition may have; each module yields the errors of one aspect, in Kubernetes' words."""
