# Captioner for CPUs (the default) and for NVIDIA GPUs.
#
#   docker build -t captioner:cpu .
#   docker build -t captioner:gpu --target gpu .
#   buildah build --format docker -t captioner:cpu .      (the OCI format has no HEALTHCHECK)
#
# The build needs the network, Ubuntu's packages included; the image does not. It writes to /tmp only, so it runs as
# any user, also one that the cluster chooses (group 0), on a read-only root. docs/deployment.md has the details.
# These three lines are the only place that names the bases. "bash src/main/docker/pin-bases.sh" adds the digests of the
# registry to them, or renews them.
ARG JDK=eclipse-temurin:25.0.4_7-jdk-noble
ARG JRE=eclipse-temurin:25.0.4_7-jre-noble
# TensorFlow 2.18 needs CUDA 12 and at least cuDNN 9.3.
ARG CUDA=nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04

FROM ${JDK} AS source
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src/main src/main

FROM source AS cpu-build
# For Maven, as in --build-arg MAVEN_ARGS=--offline.
ARG MAVEN_ARGS=
RUN --mount=type=cache,target=/root/.m2 bash src/main/docker/package.sh

FROM source AS gpu-build
ARG MAVEN_ARGS=
RUN --mount=type=cache,target=/root/.m2 bash src/main/docker/package.sh -P gpu

FROM ${JRE} AS jre

FROM ${CUDA} AS gpu-files
ARG CUDA
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Captioner" \
      org.opencontainers.image.description="Captions photos, with a probability and an attention map for every word." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/${CUDA}"
COPY --from=jre /opt/java/openjdk/ /opt/java/openjdk/
ENV HOME=/tmp \
    JAVA_HOME=/opt/java/openjdk \
    LANG=C.UTF-8 \
    PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    TENSORFLOW_LIBRARY_PATH=/opt/tensorflow
WORKDIR /app
# Layers that change seldom come first.
# HEIC and AVIF: the library and its decoders, of which Ubuntu makes packages of their own. A font for contact sheets.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core libheif1 libheif-plugin-aomdec libheif-plugin-libde265 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=gpu-build /build/natives/ /opt/tensorflow/
COPY --chmod=644 src/main/docker/java.options ./
COPY --from=gpu-build /build/layers/dependencies/ ./
COPY --from=gpu-build /build/layers/snapshot-dependencies/ ./
COPY --chmod=755 models/ models/
COPY --from=gpu-build /build/layers/application/ ./

# The cache of what Java loads and compiles at a start holds for this Java and these files only: it is made where they lie,
# and no GPU is needed for it.
FROM gpu-files AS gpu-trained
COPY src/main/docker/train-cache.sh /
RUN bash /train-cache.sh /app/captioner.aot @/app/java.options -jar /app/captioner.jar

FROM gpu-files AS gpu
COPY --from=gpu-trained /app/captioner.aot ./
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=120s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/localhost/${SERVER_PORT:-8080} && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["java", "-XX:AOTCache=/app/captioner.aot", "@/app/java.options", "-jar", "/app/captioner.jar"]

FROM ${JRE} AS cpu-files
ARG JRE
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Captioner" \
      org.opencontainers.image.description="Captions photos, with a probability and an attention map for every word." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/${JRE}"
ENV HOME=/tmp \
    TENSORFLOW_LIBRARY_PATH=/opt/tensorflow
WORKDIR /app
# HEIC and AVIF, and a font for contact sheets.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core libheif1 libheif-plugin-aomdec libheif-plugin-libde265 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=cpu-build /build/natives/ /opt/tensorflow/
COPY --chmod=644 src/main/docker/java.options ./
COPY --from=cpu-build /build/layers/dependencies/ ./
COPY --from=cpu-build /build/layers/snapshot-dependencies/ ./
COPY --chmod=755 models/ models/
COPY --from=cpu-build /build/layers/application/ ./

FROM cpu-files AS cpu-trained
COPY src/main/docker/train-cache.sh /
RUN bash /train-cache.sh /app/captioner.aot @/app/java.options -jar /app/captioner.jar

# The last stage is what a build without --target makes.
FROM cpu-files AS cpu
COPY --from=cpu-trained /app/captioner.aot ./
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
# Through bash: the base may have no curl, and a JVM every few seconds would be too expensive.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/localhost/${SERVER_PORT:-8080} && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["java", "-XX:AOTCache=/app/captioner.aot", "@/app/java.options", "-jar", "/app/captioner.jar"]
