// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.Platform;

/**
 * A working way into the C library, made by {@link BindingLoader}.
 *
 * @param name {@code ffm} or {@code jna}
 * @param platform the record that {@code syscalls} follows
 * @param syscalls a {@link CountingSyscalls} when system calls are to be counted
 */
public record Binding(String name, Platform platform, Syscalls syscalls) {}
