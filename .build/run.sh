# SPDX-License-Identifier: Apache-2.0
#
# Builds a module when it has to be built, and runs a program of it: what run-example.sh and run-benchmark.sh have in
# common. Sourced by them with root, module and needs set. Kept to what bash 3.2 knows, since that is what macOS has.

# root is the folder of the repository, module the folder in it that holds the program, needs those that it depends on.
# shellcheck shell=bash
: "${root:?}" "${module:?}" "${needs:?}"
stamp=$root/$module/target/run-$module.stamp

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
        [ "$release" -ge 17 ] || die "JAVA_HOME is Java $release; the $module need 17 or later"
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
    local sources=("$root/pom.xml" "$root/.mvn") name
    for name in "$module" $needs; do
        sources+=("$root/$name/pom.xml" "$root/$name/src/main")
    done
    [ -n "$(find "${sources[@]}" -newer "$stamp" | head -n 1)" ]
}

build() {
    local options=() began name
    if ! can_build_ffm; then
        echo "no JDK 22 or later found: building for JNA alone" >&2
        options=(-Pjna-only)
    fi
    echo "building the $module (on first use and after changes) ..." >&2
    # A wrapper without java on the path needs to be told.
    if [ -z "${JAVA_HOME:-}" ] && ! command -v java >/dev/null; then
        export JAVA_HOME=$jdk
    fi
    # Removed and not overwritten, since a program that still runs has these files open.
    for name in "$module" $needs; do
        rm -rf "$root/$name/target/lib" "$root/$name"/target/*.jar "$root/$name"/target/run-*.stamp
    done
    mkdir -p "$root/$module/target"
    # As of before the build, so that what is edited during it is built the next time.
    began=$stamp.$$
    touch "$began"
    (cd "$root" && ./mvnw -q -B -ntp -Dstyle.color=never -pl "$module" -am -Dmaven.test.skip=true ${options[@]+"${options[@]}"} package) ||
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

# Runs a main class of the module, which is built before if it has to be, in place of this shell: run_java CLASS [ARGUMENT ...]
run_java() {
    find_jdk
    if outdated; then
        build
    fi

    local options=() jar
    if [ "$release" -ge 22 ]; then
        options+=(--enable-native-access=ALL-UNNAMED)
    fi
    if [ -t 1 ]; then
        options+=(-Dio.github.kqueueffm.examples.terminal=true)
    fi
    # JAVA_OPTS is a list of words, as everywhere.
    # shellcheck disable=SC2206
    options+=(${JAVA_OPTS:-})

    for jar in "$root/$module"/target/*-"$module"-*.jar; do
        [ -e "$jar" ] || die "$root/$module/target has no jar"
    done
    exec "$jdk/bin/java" ${options[@]+"${options[@]}"} -cp "$jar:$root/$module/target/lib/*" "$@"
}
