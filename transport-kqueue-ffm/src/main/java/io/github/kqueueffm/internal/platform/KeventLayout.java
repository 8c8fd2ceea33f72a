// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Where the members of {@code struct kevent} are, in bytes. The widths that vary are those of {@code filter} and
 * {@code flags} (16 bits, on NetBSD 32) and of {@code data} (8 bytes everywhere we run).
 */
public record KeventLayout(
        int size, int ident, int filter, int filterSize, int flags, int flagsSize, int fflags, int data, int udata) {}
