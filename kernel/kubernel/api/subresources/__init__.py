"""Subresources that are more than a part of their object, one file each; `table` has them all."""
