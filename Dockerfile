# The program alone, as a user without rights; it writes nothing unless it is told to, so the root may be read-only.
#
#   docker build -t bango-ent .
#   docker run --rm --read-only -e BANGO_USERNAME -e BANGO_PASSWORD bango-ent echo
#   docker build --target sandbox -t bango-ent-sandbox .
#   docker run --rm --read-only -p 127.0.0.1:4242:4242 -e BANGO_SANDBOX_PASSWORD=… bango-ent-sandbox
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin bango-ent

FROM gcr.io/distroless/cc-debian12:nonroot AS base
COPY --from=build /source/target/release/bango-ent /usr/bin/bango-ent
ENTRYPOINT ["/usr/bin/bango-ent"]

# A sandbox for other containers. BANGO_SANDBOX_PASSWORD must be set, because the network reaches it. It is healthy if it tells its clock:
# `--sandbox echo` would be answered without it as well, by a sandbox of its own.
FROM base AS sandbox
EXPOSE 4242
HEALTHCHECK --interval=5s --timeout=3s --retries=6 CMD ["/usr/bin/bango-ent", "sandbox", "clock"]
CMD ["sandbox", "--host", "0.0.0.0", "--ephemeral"]

FROM base
