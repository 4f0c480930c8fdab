# The program alone, as one static binary: no shell, no package manager, no user but its own.
#
#   docker build --tag entente .
#   docker run --publish 127.0.0.1:8080:8080 --env ENTENTE_PUBLIC=true --volume entente-data:/data entente

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/entente ./cmd/entente
# What an empty image lacks: a place for the data that the program may write to, and one for temporary files.
RUN mkdir -p /out/data /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
COPY --from=build /out/entente /entente
# Where the embedded store is kept, and an address that the container's network reaches. Who may ask is for the one who
# publishes the port to say: ENTENTE_PUBLIC=true, or ENTENTE_API_KEYS=FILE.
ENV XDG_DATA_HOME=/data ENTENTE_LISTEN=0.0.0.0:8080
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/entente"]
