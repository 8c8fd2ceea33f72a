// SPDX-License-Identifier: Apache-2.0

/** Tests of what the channels share. */
@NullUnmarked
package io.github.kqueueffm.internal.channel;

import org.jspecify.annotations.NullUnmarked;
