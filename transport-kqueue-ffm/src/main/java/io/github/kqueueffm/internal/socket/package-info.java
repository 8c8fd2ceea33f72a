// SPDX-License-Identifier: Apache-2.0

/** Typed socket calls, and the codecs between Java values and the structs that the kernel reads and writes. */
@NullMarked
package io.github.kqueueffm.internal.socket;

import org.jspecify.annotations.NullMarked;
