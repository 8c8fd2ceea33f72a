// SPDX-License-Identifier: Apache-2.0

/** What happens when a process has run out of descriptors. */
@NullMarked
package io.github.kqueueffm.testsuite.exhaustion;

import org.jspecify.annotations.NullMarked;
