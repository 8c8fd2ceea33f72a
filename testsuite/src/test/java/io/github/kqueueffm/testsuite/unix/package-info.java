// SPDX-License-Identifier: Apache-2.0

/** What is peculiar to UNIX domain sockets: paths, descriptors that are passed, and who the peer is. */
@NullMarked
package io.github.kqueueffm.testsuite.unix;

import org.jspecify.annotations.NullMarked;
