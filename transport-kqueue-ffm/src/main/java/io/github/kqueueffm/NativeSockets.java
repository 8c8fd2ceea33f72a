// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes sockets for channels: failures are told as Netty's channels tell them. */
final class NativeSockets {

    private NativeSockets() {}

    static NativeSocket newStream(@Nullable SocketProtocolFamily family) {
        try {
            return NativeSocket.newStream(Availability.binding(), family);
        } catch (IOException e) {
            throw notMade(e);
        }
    }

    static NativeSocket newDatagram(@Nullable SocketProtocolFamily family) {
        try {
            return NativeSocket.newDatagram(Availability.binding(), family);
        } catch (IOException e) {
            throw notMade(e);
        }
    }

    private static ChannelException notMade(IOException cause) {
        return new ChannelException("a socket could not be made", cause);
    }

    static NativeSocket adopt(int fd) {
        try {
            return NativeSocket.adopt(Availability.binding(), fd);
        } catch (IOException e) {
            throw new ChannelException("the descriptor " + fd + " is not a usable socket", e);
        }
    }

    static NativeSocket adoptUnix(int fd) {
        NativeSocket socket = adopt(fd);
        if (socket.family() != SocketProtocolFamily.UNIX) {
            throw new ChannelException("the descriptor " + fd + " is not a socket of the UNIX domain");
        }
        return socket;
    }
}
