"""The subcommands of ``kubernel plugin``: what is installed, what serves, and changing it."""
