"""Datasette as an ASGI application, without the access log that its command always writes: python datasette.py rows.sqlite"""

import socket
import sys

import uvicorn
from datasette.app import Datasette

# Nothing writes to the file: so it is opened as immutable, and its rows are counted once.
# On one core threads only cost: without them it takes about a tenth less processor time for a page.
settings = {"num_sql_threads": 0, "suggest_facets": False}
application = Datasette(immutables=[sys.argv[1]], settings=settings).app()
listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
# uvicorn takes uvloop and httptools where they are installed, as they are here.
config = uvicorn.Config(application, lifespan="on", access_log=False, log_level="warning")
uvicorn.Server(config).run(sockets=[listener])
