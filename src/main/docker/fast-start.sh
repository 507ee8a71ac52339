#!/usr/bin/env bash
# Lays a packaged program out so that it starts fast, as the image does:
#
#   bash src/main/docker/fast-start.sh target/captioner.jar [DIRECTORY]
#
# DIRECTORY, by default one beside the jar and named as it, is made or overwritten: the program, its libraries, the cache of what this
# Java loads at a start, and the command "captioner", which takes the program's arguments. To make the cache, the service is
# started once with the bundles of the current directory's "models". "java -jar target/captioner.jar" goes on as the program in the
# directory beside the jar, as long as the jar is the one that was laid out.
# Files that have changed since make the cache invalid: Java then starts without it, more slowly.
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
settings=$(java -XshowSettings:properties -version 2>&1)
setting() {
    sed -n "s/^ *$1 = //p" <<<"$settings"
}
if [ "$(setting java.specification.version)" -ge 25 ]; then
    cache=captioner.aot option=AOTCache quiet=aot
else
    cache=captioner.jsa option=SharedArchiveFile quiet=cds+dynamic
fi
bash "$scripts/train-cache.sh" "$to/$cache" "@$to/java.options" -jar "$to/captioner.jar"
cat >>"$to/java.options" <<END
"-XX:$option=$to/$cache"
-Xlog:cds=off
-Xlog:$quiet=off
END
cat >"$to/captioner" <<END
#!/usr/bin/env bash
here=\$(cd "\$(dirname "\$0")" && pwd)
exec "$(setting java.home)/bin/java" "@\$here/java.options" -jar "\$here/captioner.jar" "\$@"
END
chmod +x "$to/captioner"
# By its time the program knows the jar that it was laid out of.
touch -r "$jar" "$to/java.options"
echo "start it with $to/captioner"
