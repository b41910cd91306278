# syntax=docker/dockerfile:1
# The production image: the product, its libraries and its static files; no demo, no embedded
# servers, no compiler, no secrets. The first stages are thrown away.

FROM node:22-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim AS libraries
COPY requirements/production.txt /requirements/production.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements/production.txt

FROM libraries AS build
WORKDIR /app
# Fonts are made with tools that production does not need.
COPY requirements/dev.txt /requirements/dev.txt
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements/dev.txt
COPY . .
COPY --from=packages /app/node_modules node_modules
RUN /opt/tools/bin/python -m core.pdf.fonts
# Placeholders: the commands below read the settings, and no server and no secret.
RUN export SECRET_KEY=placeholder-placeholder-placeholder-placeholder-placeholder \
        ALLOWED_HOSTS=localhost PUBLIC_URL=https://localhost EMAIL_HOST=localhost \
        DATABASE_URL=postgres://localhost/none BROKER_URL=redis://localhost/0 CACHE_URL=redis://localhost/2 \
    && /opt/venv/bin/python manage.py collectstatic --noinput -v0 \
    && if ls locale/*/LC_MESSAGES/*.po >/dev/null 2>&1; then /opt/venv/bin/python manage.py compile_catalogs; fi \
    && /opt/venv/bin/python -m compileall -q . \
    # What the browser needs has been collected; the settings only name the folders.
    && find node_modules -type f -delete

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin stafett \
    && install -d -o stafett -g stafett /app /app/media
WORKDIR /app
COPY --from=libraries /opt/venv /opt/venv
# Owned by root: the product cannot change its own code.
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app \
    APP_MODE=production \
    DJANGO_SETTINGS_MODULE=config.settings \
    MEDIA_ROOT=/app/media \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=1 \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_LOG_CONFIG=/app/config/granian.json
USER stafett
VOLUME /app/media
EXPOSE 8000
CMD ["granian", "config.wsgi:application"]
