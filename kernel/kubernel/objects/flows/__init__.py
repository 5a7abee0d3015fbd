"""Which requests are served before which: flows of requests, and the levels of priority that they wait in.

The API server keeps these objects for the clients that write them; its own limits do not depend on them.
"""
