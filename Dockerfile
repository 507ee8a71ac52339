# Captioner on CPUs.
#
#   docker build -t captioner:cpu .
#   buildah build --format docker -t captioner:cpu .      (the OCI format has no place for a HEALTHCHECK)
#
# The build needs the network; the image does not. It writes to /tmp only, so it runs as any user on a read-only root.

FROM eclipse-temurin:25.0.4_7-jdk-noble AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src/main src/main
# Formatting, static analysis and tests are for "./mvnw verify"; this only packs.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw --batch-mode --no-transfer-progress -P '!static-analysis' -Dmaven.test.skip=true package
# TensorFlow's libraries leave their jar here: nothing is unpacked at a start.
RUN java -Djarmode=tools -jar target/captioner.jar extract --layers --destination layers \
    && mkdir natives \
    && cd natives \
    && jar --extract --file ../layers/dependencies/lib/tensorflow-core-native-*-linux-*.jar org/tensorflow/internal/c_api \
    && mv org/tensorflow/internal/c_api/linux-*/* . \
    && rm -r org ../layers/dependencies/lib/tensorflow-core-native-*-linux-*.jar \
    && test -f libjnitensorflow.so

FROM eclipse-temurin:25.0.4_7-jre-noble AS cpu
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Captioner" \
      org.opencontainers.image.description="Says what is in a photo, and shows where it looked." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25.0.4_7-jre-noble"
WORKDIR /app
# What changes seldom comes first.
COPY --from=build /build/natives/ /opt/tensorflow/
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --chmod=755 models/ models/
COPY --from=build /build/layers/application/ ./
ENV HOME=/tmp \
    TENSORFLOW_LIBRARY_PATH=/opt/tensorflow
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# The base need have no curl, and a JVM every few seconds would cost more than the answer is worth.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-8080} && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
# TensorFlow works outside the heap, so the heap gets less than half; -Xmx in JAVA_TOOL_OPTIONS overrides it.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", "-jar", "captioner.jar"]
