# The steps can be run by hand as they stand: each RUN is a shell command, each COPY names files of this folder.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY manage.py ./
COPY hooksui hooksui
COPY templates templates
COPY static static
RUN /venv/bin/python manage.py collectstatic --noinput -v 0
RUN /venv/bin/python -m compileall -q hooksui

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Hooks UI" org.opencontainers.image.version="1.0.0"
RUN useradd --system --uid 10001 --home-dir /app hooksui && mkdir -m 0700 /data && chown hooksui /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
USER hooksui
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
CMD ["sh", "-c", "python manage.py bootstrap && exec gunicorn -c python:hooksui.server hooksui.wsgi"]
