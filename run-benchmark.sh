#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the benchmarks and runs one. Kept to what bash 3.2 knows, since that is what macOS has.

set -u

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
module=benchmarks
needs="examples transport-kqueue-ffm"
# shellcheck source=.build/run.sh
. "$root/.build/run.sh" || exit 1

usage() {
    cat <<EOF
Usage: run-benchmark.sh NAME [OPTIONS]
Builds the benchmarks if their sources have changed, and runs one.

  load          CPU time of a server's event loop per request, on this transport
                and on those of Netty; about a minute
  jmh [FILTER]  JMH benchmarks, all or those whose names match; about two minutes

run-benchmark.sh load --help and run-benchmark.sh jmh -h list further options.

Environment:
  JAVA_HOME   the JDK to run on; without it the newest one that is found, of 22
              or later for java.lang.foreign, else of 17 to 21 for JNA
  JAVA_OPTS   options for Java, such as -Dio.github.kqueueffm.binding=jna
EOF
}

case ${1:-} in
    load)
        shift
        run_java io.github.kqueueffm.benchmarks.load.LoadBenchmark "$@"
        ;;
    jmh)
        shift
        # The profiler tells the bytes that a call allocates.
        run_java org.openjdk.jmh.Main -prof gc "$@"
        ;;
    -h | --help) usage ;;
    '') die "which benchmark? load or jmh (--help tells more)" ;;
    *) die "no benchmark $1; there are load and jmh (--help tells more)" ;;
esac
