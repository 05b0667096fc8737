ARG HOST
ARG TOOLS=tools
FROM --platform=$BUILDPLATFORM ${HOST}/app:latest \
  AS build
# FROM registry.invalid/comment
ARG HOST TOOLS
RUN --mount=type=bind,from=$HOST/$TOOLS:latest,target=/tools <<EOF
FROM registry.invalid/document
EOF
FROM build
FROM scratch
COPY --from=build /app /app
COPY --from=0 /app /app
