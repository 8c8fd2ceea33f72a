// SPDX-License-Identifier: Apache-2.0

/** What the channels share: the read, accept and write loops and the allocation of receive buffers. */
@NullMarked
package io.github.kqueueffm.internal.channel;

import org.jspecify.annotations.NullMarked;
