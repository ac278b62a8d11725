# Custard's two images (docs/containers.md):
#
#   docker build --target agent --tag custard-agent:0.1.0 .
#   docker build --target control-plane --tag custard-control-plane:0.1.0 .

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --include=dev
COPY . .
RUN node scripts/build.ts
# Empty folders that the image's user owns: a volume takes over the owner of the folder that it is first put on.
RUN mkdir -p /owned/data /owned/run/owner /owned/run/token /owned/run/agent

# What of the dependencies each program loads. The control plane has no engine's driver but PostgreSQL's, for
# its own records, and DuckDB, whose parser its guard uses.
FROM build AS agent-files
RUN node scripts/container/keep-runtime.ts '@koa/router' knex koa openai pino raw-body \
    @node-rs/argon2 @zxcvbn-ts/language-common ioredis jose nodemailer rate-limiter-flexible resend @napi-rs/keyring

FROM build AS control-plane-files
RUN node scripts/container/keep-runtime.ts mongodb mysql2 snowflake-sdk @napi-rs/keyring

# No shell, no package manager: the C and C++ libraries, certificates and time zones, and Node on top.
FROM gcr.io/distroless/cc-debian12:nonroot AS runtime
COPY --from=build /usr/local/bin/node /usr/local/bin/node
ENV NODE_ENV=production \
    NODE_DISABLE_COMPILE_CACHE=1 \
    HOME=/var/lib/custard \
    XDG_CONFIG_HOME=/var/lib/custard/config \
    XDG_DATA_HOME=/var/lib/custard/data \
    XDG_STATE_HOME=/var/lib/custard/state \
    XDG_CACHE_HOME=/tmp
COPY --from=build --chown=65532:65532 /owned/data/ /var/lib/custard/
COPY --from=build --chown=65532:65532 /owned/run/ /run/custard/
WORKDIR /app
# By number, so that Kubernetes' runAsNonRoot can tell.
USER 65532:65532
STOPSIGNAL SIGTERM

FROM runtime AS agent
LABEL org.opencontainers.image.title="Custard agent" \
      org.opencontainers.image.description="Queries a database for Custard's control plane; dials out, opens no port." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=agent-files /app/ /app/
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/container/agent-health.js"]
ENTRYPOINT ["/usr/local/bin/node", "/app/cli/bin/run.js", "agent", "run"]

FROM runtime AS control-plane
LABEL org.opencontainers.image.title="Custard control plane" \
      org.opencontainers.image.description="Custard's HTTP interface, and where agents dial in." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=control-plane-files /app/ /app/
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /var/lib/custard
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/container/server-health.js"]
ENTRYPOINT ["/usr/local/bin/node", "/app/cli/bin/run.js", "server", "start"]
