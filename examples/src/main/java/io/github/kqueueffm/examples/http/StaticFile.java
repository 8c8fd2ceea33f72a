// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import java.nio.file.Path;

/**
 * A file as it was found for a request.
 *
 * @param length bytes; a file that is cut before it is sent ends its connection
 */
record StaticFile(Path path, long length) {}
