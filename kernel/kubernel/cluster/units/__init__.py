"""The Plugin objects, made true: observe the objects, compare with the hosts that run, act.

`plan` says what should run, a `unit` keeps one host for one object, `swap` replaces a host, `statuses` writes what
came of it, and the `reconciler` holds them together. `host` is one process, `launch` starts it, `install` calls pip.
"""
