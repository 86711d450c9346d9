# The market, its bots and its command line in one image; see docker-compose.yml for what runs where.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# V8's code cache belongs to the very version of Node it was made by: built here, for this image.
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production ELECBAY_HOST=0.0.0.0 ELECBAY_INSECURE=1 ELECBAY_STATE=/state
# Named volumes take the owner of the folder they are first mounted on.
RUN mkdir -p /state /broker && chown node:node /state /broker
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
COPY --from=build --chown=node:node /app/scenarios ./scenarios
USER node
EXPOSE 1883 5001
ENTRYPOINT ["node", "dist/elecbay.js"]
CMD ["up"]
