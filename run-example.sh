#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds what an example needs and runs it. Kept to what bash 3.2 knows, since that is what macOS has.

set -u

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lib=$root/examples/target/lib
stamp=$root/examples/target/run-example.stamp

usage() {
    cat <<EOF
Usage: run-example.sh NAME [OPTIONS]
Builds the example if its sources have changed, and runs it.

  echo   an echo server and a client for a few seconds: messages per second,
         latency, system calls per message
  http   an HTTP server with /plaintext and /json, until Ctrl-C

run-example.sh NAME --help lists the options of an example.

Environment:
  JAVA_HOME   the JDK to run on; without it the newest one that is found, of 22
              or later for java.lang.foreign, else of 17 to 21 for JNA
  JAVA_OPTS   options for Java, such as -Dio.netty.leakDetection.level=paranoid
EOF
}

die() {
    echo "error: $*" >&2
    exit 1
}

# Prints the feature release of the JDK in a folder, such as 25; nothing if there is none.
feature_release() {
    [ -x "$1/bin/java" ] || return 0
    local version=
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    fi
    if [ -z "$version" ]; then
        # Some packages come without the file.
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
    echo "$version"
}

# Prints the folders in which JDKs are to be looked for, where there is something.
jdk_candidates() {
    local name home
    for name in $(compgen -e | grep '^JAVA.*_HOME'); do
        echo "${!name}"
    done
    # Debian, Fedora, OpenBSD and FreeBSD, NetBSD, macOS, SDKMAN, IDEs, container images, hosted CI
    for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/local/jdk-* /usr/local/openjdk* /usr/pkg/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home "$HOME"/.sdkman/candidates/java/* \
        "$HOME"/.jdks/* /opt/java/* /opt/jdk* /opt/hostedtoolcache/Java_*/*/*; do
        [ -x "$home/bin/java" ] && echo "$home"
    done
    if command -v java >/dev/null; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
    fi
}

# Sets jdk and release: what JAVA_HOME says, or the newest JDK. Any from 22 on is newer than any that needs JNA.
find_jdk() {
    local home version
    if [ -n "${JAVA_HOME:-}" ]; then
        jdk=$JAVA_HOME
        release=$(feature_release "$jdk")
        [ -n "$release" ] || die "JAVA_HOME is $JAVA_HOME, where there is no bin/java"
        [ "$release" -ge 17 ] || die "JAVA_HOME is Java $release; the examples need 17 or later"
        return
    fi
    jdk=
    release=16
    while IFS= read -r home; do
        version=$(feature_release "$home")
        if [ -n "$version" ] && [ "$version" -gt "$release" ]; then
            jdk=$home
            release=$version
        fi
    done < <(jdk_candidates)
    [ -n "$jdk" ] || die "no JDK 17 or later found; install JDK 25 or set JAVA_HOME"
}

# Whether the last build is missing or older than a source. A folder is newer when a file was added or removed.
outdated() {
    [ -e "$stamp" ] || return 0
    [ -n "$(find "$root/pom.xml" "$root/.mvn" "$root/examples/pom.xml" "$root/examples/src/main" \
        "$root/transport-kqueue-ffm/pom.xml" "$root/transport-kqueue-ffm/src/main" -newer "$stamp" | head -n 1)" ]
}

build() {
    local options=() began
    if ! can_build_ffm; then
        echo "no JDK 22 or later found: building for JNA alone" >&2
        options=(-Pjna-only)
    fi
    echo "building the examples (on first use and after changes) ..." >&2
    # A wrapper without java on the path needs to be told.
    if [ -z "${JAVA_HOME:-}" ] && ! command -v java >/dev/null; then
        export JAVA_HOME=$jdk
    fi
    # Removed and not overwritten, since an example that still runs has these files open.
    rm -rf "$lib" "$root"/examples/target/*.jar "$stamp"
    mkdir -p "$root/examples/target"
    # As of before the build, so that what is edited during it is built the next time.
    began=$stamp.$$
    touch "$began"
    (cd "$root" && ./mvnw -q -B -ntp -Dstyle.color=never -pl examples -am -Dmaven.test.skip=true ${options[@]+"${options[@]}"} package) ||
        { rm -f "$began"; die "the build failed"; }
    mv "$began" "$stamp"
}

# Whether there is a JDK 22 or later, which the build finds for itself whatever JAVA_HOME says for running.
can_build_ffm() {
    [ "$release" -ge 22 ] && return
    local newest
    newest=$(unset JAVA_HOME; find_jdk 2>/dev/null; echo "$release")
    [ "${newest:-0}" -ge 22 ]
}

case ${1:-} in
    echo) main=io.github.kqueueffm.examples.echo.EchoExample ;;
    http) main=io.github.kqueueffm.examples.http.HttpExample ;;
    -h | --help) usage; exit 0 ;;
    '') die "which example? echo or http (--help tells more)" ;;
    *) die "no example $1; there are echo and http (--help tells more)" ;;
esac
shift

find_jdk
if outdated; then
    build
fi

options=()
if [ "$release" -ge 22 ]; then
    options+=(--enable-native-access=ALL-UNNAMED)
fi
if [ -t 1 ]; then
    options+=(-Dio.github.kqueueffm.examples.terminal=true)
fi
# JAVA_OPTS is a list of words, as everywhere.
# shellcheck disable=SC2206
options+=(${JAVA_OPTS:-})

for jar in "$root"/examples/target/*-examples-*.jar; do
    [ -e "$jar" ] || die "$root/examples/target has no jar"
done
exec "$jdk/bin/java" ${options[@]+"${options[@]}"} -cp "$jar:$lib/*" "$main" "$@"
