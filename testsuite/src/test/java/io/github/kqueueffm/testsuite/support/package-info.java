// SPDX-License-Identifier: Apache-2.0

/** What the tests share: the transports they run over, connections, recorders, and checks that run around a class. */
@NullMarked
package io.github.kqueueffm.testsuite.support;

import org.jspecify.annotations.NullMarked;
