#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the foreign kernel: build.sh FOLDER [-DWITH_ACCEPT4] [-DWITH_EVFILT_USER] [-DWITH_OWN_ERRNO] [-DFIRST_DESCRIPTOR=5000]
# makes FOLDER/libnetbsdkernel.so and FOLDER/netbsd-check.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
mkdir -p "$out"
cc=${CC:-cc}
"$cc" -shared -fPIC -O1 -g -std=gnu11 -Wall -Wextra -Werror -fvisibility=hidden -pthread "$@" \
    -o "$out/libnetbsdkernel.so" "$here"/netbsd/*.c
"$cc" -O1 -g -std=gnu11 -Wall -Wextra -Werror -pthread -o "$out/netbsd-check" "$here"/netbsd-check/check.c -ldl
