# One image for every program: docker run ... opinion-market web | worker | jobs | alerting | beat
# Its steps are scripts in deploy/image, which `make deployable` also runs in a plain folder, without an engine.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /build
COPY requirements-image.txt deploy/image/install.sh ./
RUN ./install.sh python3 /opt/venv requirements-image.txt
# What is in the image, as CycloneDX; the tool that writes it stays in this stage.
COPY requirements-sbom.txt deploy/image/sbom.sh ./
RUN ./sbom.sh python3 requirements-sbom.txt requirements-image.txt /build/sbom.cdx.json
WORKDIR /app
COPY . .
RUN cp /build/sbom.cdx.json . && deploy/image/assemble.sh /opt/venv /app

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Opinion Market" \
      org.opencontainers.image.description="A self-hosted prediction market with its own operations" \
      org.opencontainers.image.licenses="Apache-2.0" \
      io.opinion-market.sbom="/app/sbom.cdx.json"
RUN groupadd --gid 10001 market && useradd --uid 10001 --gid market --no-create-home --shell /usr/sbin/nologin market
COPY --from=build --chown=root:root /opt/venv /opt/venv
COPY --from=build --chown=root:root /app /app
WORKDIR /app
# Nothing below /app and /opt is ever written, so the root file system can be read-only; DATA_DIR is a volume.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=opinion_market.settings.prod \
    HOST=0.0.0.0 \
    PORT=8000 \
    DEMO=false \
    DATA_DIR=/data \
    LOG_DIR=none \
    LOG_FORMAT=json
USER 10001:10001
EXPOSE 8000
VOLUME ["/data"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["python", "deploy/image/healthy.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "manage.py", "run"]
CMD ["web"]
