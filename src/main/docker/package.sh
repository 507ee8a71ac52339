#!/usr/bin/env bash
# Packs the program and lays out what the image is made of: layers/ and, unpacked, TensorFlow's natives/.
# Formatting, static analysis and tests are for "./mvnw verify". Arguments go to Maven.
set -euo pipefail
./mvnw --batch-mode --no-transfer-progress -P '!static-analysis' "$@" -Dmaven.test.skip=true package
java -Djarmode=tools -jar target/captioner.jar extract --layers --destination layers
# What the program is made of, for scanners that do not look into jars.
jar --extract --file target/captioner.jar META-INF/sbom/application.cdx.json
mv META-INF/sbom/application.cdx.json layers/application/captioner.cdx.json

# A /tmp without the right to execute, as Docker's --tmpfs makes it, is no place to unpack libraries at run time.
# unpack JAR FOLDER: the libraries in a folder of a jar
unpack() {
    mkdir unpacked
    (cd unpacked && jar --extract --file "../$1" "$2")
    find unpacked -name '*.so*' -exec mv {} natives/ \;
    rm -r unpacked
}
mkdir natives
lib=layers/dependencies/lib
tensorflow=("$lib"/tensorflow-core-native-*-linux-*.jar)
leptonica=("$lib"/leptonica-*-linux-*.jar)
jna=("$lib"/jna-[0-9]*.jar)
unpack "${tensorflow[0]}" org/tensorflow/internal/c_api
unpack "${leptonica[0]}" org/bytedeco/leptonica
unpack "${jna[0]}" "com/sun/jna/linux-$(uname -m | tr _ -)"
rm "${tensorflow[@]}" "${leptonica[@]}"
test -f natives/libjnitensorflow.so -a -f natives/libleptonica.so.6 -a -f natives/libjnidispatch.so
