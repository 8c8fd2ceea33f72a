// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

/**
 * A process at the other end of a UNIX socket.
 *
 * @param pid 0 where the system does not tell
 * @param uid as the system has it, unsigned
 * @param gids the effective group first; others as far as the system tells
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; its one user copies it.
public record Credentials(int pid, int uid, int[] gids) {}
