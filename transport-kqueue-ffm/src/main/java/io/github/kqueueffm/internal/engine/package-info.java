// SPDX-License-Identifier: Apache-2.0

/**
 * The kqueue engine of one event loop: change list and event list, filter states, registrations and wakers, over any
 * {@link io.github.kqueueffm.internal.engine.Kernel}.
 */
@NullMarked
package io.github.kqueueffm.internal.engine;

import org.jspecify.annotations.NullMarked;
