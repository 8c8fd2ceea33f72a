// SPDX-License-Identifier: Apache-2.0

/** What is asked of an event loop: tasks, timers, wakeups, rest, its end, and handles that are not channels of ours. */
@NullMarked
package io.github.kqueueffm.testsuite.eventloop;

import org.jspecify.annotations.NullMarked;
