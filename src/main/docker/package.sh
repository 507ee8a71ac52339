#!/usr/bin/env bash
# Packs the program and lays out what the image is made of: layers/ and, unpacked, TensorFlow's natives/.
# Formatting, static analysis and tests are for "./mvnw verify". Arguments go to Maven.
set -euo pipefail
./mvnw --batch-mode --no-transfer-progress -P '!static-analysis' "$@" -Dmaven.test.skip=true package
java -Djarmode=tools -jar target/captioner.jar extract --layers --destination layers

natives=(layers/dependencies/lib/tensorflow-core-native-*-linux-*.jar)
mkdir natives
(cd natives && jar --extract --file "../${natives[0]}" org/tensorflow/internal/c_api)
mv natives/org/tensorflow/internal/c_api/linux-*/* natives/
rm -r natives/org "${natives[@]}"
test -f natives/libjnitensorflow.so
