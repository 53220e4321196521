"""Datasette as an ASGI application, without the access log that its command always writes: python serve_datasette.py rows.sqlite"""

import socket
import sys

import uvicorn
from datasette.app import Datasette

# The file never changes, so it is opened as immutable and its rows are counted once.
# On one core, threads only cost time: without them, a page takes about a tenth less CPU time.
settings = {"num_sql_threads": 0, "suggest_facets": False}
application = Datasette(immutables=[sys.argv[1]], settings=settings).app()
listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
# uvicorn uses uvloop and httptools, because requirements.txt installs them.
config = uvicorn.Config(application, lifespan="on", access_log=False, log_level="warning")
uvicorn.Server(config).run(sockets=[listener])
