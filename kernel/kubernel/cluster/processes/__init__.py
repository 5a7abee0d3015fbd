"""How a process is born, watched and ended.

Two processes share the work. The *zygote* has every kernel module loaded and nothing else: it forks a process in a
few milliseconds when asked, and reaps the dead (`zygote`, `birth`). The *supervisor* decides what should run; it
talks to the zygote over a socket (`nursery`, `messages`) and sees each process as a `Child`, whose output goes to the
`logbook`.
"""
