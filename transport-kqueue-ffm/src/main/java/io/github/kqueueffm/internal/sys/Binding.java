// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.Platform;

/**
 * A working way into the C library, made by {@link BindingLoader}.
 *
 * @param name {@code ffm} or {@code jna}
 * @param platform the record that {@code syscalls} follows
 * @param syscalls a {@link CountingSyscalls} when system calls are to be counted
 * @param jdkKernel whether the calls go to the kernel that the JDK's own calls go to, so that descriptors and file names mean
 *     the same to both; false where the functions come from a library chosen by hand, which may bring a kernel of its own
 */
public record Binding(String name, Platform platform, Syscalls syscalls, boolean jdkKernel) {

    /** A binding that shares nothing with the JDK. */
    public Binding(String name, Platform platform, Syscalls syscalls) {
        this(name, platform, syscalls, false);
    }
}
