// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.Credentials;
import java.util.Arrays;

/**
 * The process at the other end of a UNIX domain socket, as it was when the two were connected (or when the listening one was
 * bound, for a client that asks about its server). Immutable.
 *
 * <p>A type of our own with the methods of {@code io.netty.channel.unix.PeerCredentials}, since only Netty's native code can make
 * one of those.
 */
public final class PeerCredentials {

    private final Credentials credentials;

    PeerCredentials(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * The process id; 0 where the system does not tell: DragonFly, FreeBSD before 13, and Linux for a socket that has no peer.
     */
    public int pid() {
        return credentials.pid();
    }

    /** The effective user id, an unsigned number; -1 on Linux for a socket that has no peer. */
    public int uid() {
        return credentials.uid();
    }

    /**
     * The group ids, unsigned numbers: the effective one, and on macOS, FreeBSD and DragonFly the supplementary ones after it. A
     * new array each time.
     */
    public int[] gids() {
        return credentials.gids().clone();
    }

    @Override
    public String toString() {
        return "PeerCredentials[pid=" + pid() + ", uid=" + uid() + ", gids=" + Arrays.toString(credentials.gids())
                + ']';
    }
}
