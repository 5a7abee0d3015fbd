"""One request to a resource, taken apart: what it addresses, its options, its body, its answer."""
