#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs tests of this module several times over and stops at the first failure.
#
#   testsuite/repeat.sh [-n TIMES] [-b ffm|jna] [CLASS[#METHOD]]
#
#   testsuite/repeat.sh                              all tests, 10 times, with java.lang.foreign
#   testsuite/repeat.sh -n 100 KQueueResetTest       one class
#   testsuite/repeat.sh -b jna 'KQueueSocket*Test'   some classes, with JNA on JDK 17
#   testsuite/repeat.sh -n 50 'KQueueLoopTest#noWakeupIsLost'
set -euf

usage() {
    sed -n 's/^# \{0,1\}//; 4,11p' "$0"
    exit "$1"
}

times=10
binding=ffm
while getopts n:b:h option; do
    case $option in
        n) times=$OPTARG ;;
        b) binding=$OPTARG ;;
        h) usage 0 ;;
        *) usage 1 >&2 ;;
    esac
done
shift $((OPTIND - 1))
test "${1:-}" != '' || set -- '*Test'
# Of this module only: the transport's own classes are built with it, and their tests must not run.
tests="io/github/kqueueffm/testsuite/**/$1"

cd "$(dirname "$0")/.."
case $binding in
    ffm) phase="test -Dtest=$tests -Dsurefire.failIfNoSpecifiedTests=false" ;;
    jna) phase="verify -Dskip.ffm.tests -Dit.test=$tests -Dfailsafe.failIfNoSpecifiedTests=false -Dspotless.check.skip" ;;
    *) usage 1 >&2 ;;
esac

run=1
while [ "$run" -le "$times" ]; do
    printf '%s run %s of %s\n' "$(date +%T)" "$run" "$times"
    # Unquoted: the words of one command line, of which none has a space.
    # shellcheck disable=SC2086
    ./mvnw -q -B -pl testsuite -am $phase
    run=$((run + 1))
done
echo "$times runs, no failure"
