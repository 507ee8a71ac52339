#!/usr/bin/env bash
# Lays a packaged program out so that it starts fast, as the image does:
#
#   bash src/main/docker/fast-start.sh target/captioner.jar [DIRECTORY]
#
# DIRECTORY, by default one beside the jar and named as it, is made or overwritten: the program, its libraries, the cache of what this
# Java loads at a start, and the command "captioner", which takes the program's arguments. To make the cache, the service is
# started once with the bundles of the current directory's "models".
# Another Java, or files that have changed since, make the cache invalid: Java then starts without it, more slowly.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
jar=$1
to=${2:-${jar%.jar}}
java -Djarmode=tools -jar "$jar" extract --force --destination "$to"
# One name, whatever the jar is called.
name=$(basename "$jar")
[ "$name" = captioner.jar ] || mv "$to/$name" "$to/captioner.jar"
cp "$scripts/java.options" "$to/java.options"
to=$(cd "$to" && pwd)
rm -f "$to"/captioner.aot "$to"/captioner.jsa
release=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
if [ "$release" -ge 25 ]; then
    cache=captioner.aot option=AOTCache quiet=-Xlog:aot=off
else
    cache=captioner.jsa option=SharedArchiveFile quiet=-Xlog:cds+dynamic=off
fi
bash "$scripts/train-cache.sh" "$to/$cache" "@$to/java.options" -jar "$to/captioner.jar"
cat >"$to/captioner" <<END
#!/usr/bin/env bash
here=\$(cd "\$(dirname "\$0")" && pwd)
exec java "-XX:$option=\$here/$cache" -Xlog:cds=off $quiet "@\$here/java.options" -jar "\$here/captioner.jar" "\$@"
END
chmod +x "$to/captioner"
echo "start it with $to/captioner"
