#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds what an example needs and runs it. Kept to what bash 3.2 knows, since that is what macOS has.

set -u

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
module=examples
needs=transport-kqueue-ffm
# shellcheck source=.build/run.sh
. "$root/.build/run.sh" || exit 1

usage() {
    cat <<EOF
Usage: run-example.sh NAME [OPTIONS]
Builds the example if its sources have changed, and runs it.

  echo   an echo server and a client for a few seconds: messages per second,
         latency, system calls per message
  http   an HTTP server with /plaintext, /json and files, until Ctrl-C
  datagrams
         a UDP echo server, also in a multicast group, until Ctrl-C
  unix PATH
         an echo server on a UNIX socket, until Ctrl-C
  watch DIR
         follows the files of a folder over HTTP, as tail -F does, until Ctrl-C
  signals
         an HTTP server that reloads at SIGHUP, and at SIGTERM or Ctrl-C ends
         when all requests are answered

run-example.sh NAME --help lists the options of an example.

Environment:
  JAVA_HOME   the JDK to run on; without it the newest one that is found, of 22
              or later for java.lang.foreign, else of 17 to 21 for JNA
  JAVA_OPTS   options for Java, such as -Dio.netty.leakDetection.level=paranoid
EOF
}

case ${1:-} in
    echo) main=io.github.kqueueffm.examples.echo.EchoExample ;;
    http) main=io.github.kqueueffm.examples.http.HttpExample ;;
    datagrams) main=io.github.kqueueffm.examples.datagrams.DatagramExample ;;
    unix) main=io.github.kqueueffm.examples.unix.UnixExample ;;
    watch) main=io.github.kqueueffm.examples.watch.WatchExample ;;
    signals) main=io.github.kqueueffm.examples.signals.SignalsExample ;;
    -h | --help) usage; exit 0 ;;
    '') die "which example? echo, http, datagrams, unix, watch or signals (--help tells more)" ;;
    *) die "no example $1; there are echo, http, datagrams, unix, watch and signals (--help tells more)" ;;
esac
shift

run_java "$main" "$@"
