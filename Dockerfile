# docker build -t easel . && docker run --env-file .env -v easel:/app/data --stop-timeout 30 easel

# What runs needs: sqlite3 is compiled here, so that no compiler travels along.
FROM node:24-slim AS modules
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
  && rm -rf node_modules/sqlite3/deps node_modules/sqlite3/build/Release/obj* node_modules/sqlite3/build/Release/*.a

# The code: the compiler needs no package's install script.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY commands ./commands
RUN npm run build

FROM node:24-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
# Until the bot has a health endpoint to ask, a running process has to do.
HEALTHCHECK NONE
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
