# The image of web, worker and beat: the same code, another command.
#   docker build -t special-issue .
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.production.lock .
RUN python -m venv /opt/site \
 && /opt/site/bin/pip install --require-hashes -r requirements.production.lock

FROM python:3.11-slim-bookworm
# Pango and fonts draw the letters; poppler is the second reader of uploaded PDFs.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
      poppler-utils \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /site --shell /usr/sbin/nologin site \
 && install -d -o site -g site /var/lib/special-issue
ENV PATH=/opt/site/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/special-issue \
    BIND=0.0.0.0:8000 \
    BEHIND_PROXY=1
COPY --from=packages /opt/site /opt/site
WORKDIR /site
COPY . .
USER site
# Static files belong to the image, not to the volume that VAR_DIR becomes at run time; the web
# container collects them at its start, which takes two seconds.
VOLUME /var/lib/special-issue
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
  CMD ["python", "scripts/health.py", "web"]
CMD ["sh", "-c", "python manage.py migrate --no-input && python manage.py createcachetable && python manage.py collectstatic --no-input && exec gunicorn tmi_special_issue.wsgi"]
