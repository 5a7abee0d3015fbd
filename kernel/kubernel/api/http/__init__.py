"""HTTP: the ASGI application, its worker, connections, negotiation. Falcon's types stay in this room."""
