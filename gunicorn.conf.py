"""gunicorn's settings, the same under ``make run``, in the image and behind systemd.

Measured for a page of this kind: threads beat forked workers one to one, and preloading spares
the first visitor of each worker the import of the whole site.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
# A stalled upload holds one thread for at most this long; a worker deaf for longer is replaced.
timeout = 120
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# The kernel's memory file system, where there is one: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
limit_request_line = 8190
# Whose X-Forwarded-* headers count: nobody's, unless the deployment names its proxy.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")
# Requests are logged by the application, with request ids.
accesslog = None
errorlog = "-"
