// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.Transport;

/**
 * What to run.
 *
 * @param transport for the server and for the client
 * @param port the server's, 0 for any free one
 * @param connections how many the client opens, at least 1
 * @param size the length of a message in bytes, at least 1
 * @param threads event loops on each of the two sides, at least 1
 * @param seconds how long to run, at least 1
 */
record EchoSettings(Transport transport, int port, int connections, int size, int threads, int seconds) {}
