# docker build -t easel .
# docker run --env-file .env -v easel:/app/data --read-only --tmpfs /tmp --stop-timeout 30 easel
# docker run --rm --env-file .env easel doctor

# The modules that run: sqlite3 is compiled here, so that the image has no compiler.
FROM node:24.11.0-slim AS modules
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
  # Leftovers of the compilation, and a compiler of which i18next needs only the types.
  && rm -rf node_modules/sqlite3/deps node_modules/sqlite3/build/Release/obj* node_modules/sqlite3/build/Release/*.a \
    node_modules/typescript node_modules/@typescript

# The code. The compiler needs no package's install script. The workspaces in packages/ are for tests and stay outside.
FROM node:24.11.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY tools ./tools
COPY src ./src
COPY commands ./commands
RUN npm run build

FROM node:24.11.0-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY assets ./assets
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
# The spool is in the volume, because /tmp is often memory. Health is served on loopback inside the container, unless
# HEALTH_HOST says otherwise.
ENV SPOOL_DIR=/app/data/spool HEALTH_PORT=9464
# Checks only that the process responds: a restart would not help while Discord or MPS is unavailable. It uses HEALTH_HOST,
# or loopback if that is unset or stands for all addresses.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "const { HEALTH_PORT: port, HEALTH_HOST = '' } = process.env; const host = HEALTH_HOST.trim(); const at = ['', '0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host; if (port) fetch(`http://${at}:${port.trim()}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The bot itself receives SIGTERM. Arguments: doctor, register, backup FILE, store:copy.
ENTRYPOINT ["node", "--enable-source-maps", "dist/src/main.js"]
