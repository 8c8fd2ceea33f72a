// SPDX-License-Identifier: Apache-2.0

/** A small HTTP/1.1 server with a plain text and a JSON page, and files, made to be loaded with {@code wrk} or {@code curl}. */
@NullMarked
package io.github.kqueueffm.examples.http;

import org.jspecify.annotations.NullMarked;
