// SPDX-License-Identifier: Apache-2.0

/** Events for JDK Flight Recorder. Nothing else sees {@code jdk.jfr}, a module that a run-time image may lack. */
@NullMarked
package io.github.kqueueffm.internal.jfr;

import org.jspecify.annotations.NullMarked;
