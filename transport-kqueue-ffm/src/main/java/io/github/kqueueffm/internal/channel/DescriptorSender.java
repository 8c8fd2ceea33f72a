// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** Sends a descriptor that is a message of a channel. Event loop's thread. */
final class DescriptorSender {

    private DescriptorSender() {}

    /**
     * Sends the current message of {@code in}. It stays open: whoever wrote it closes it, as with Netty's own transports.
     *
     * @return calls made, or {@link RegionWriter#FULL}
     * @throws IOException if the connection is broken; a descriptor that cannot be sent fails its own promise only
     */
    static int send(NativeSocket socket, ChannelOutboundBuffer in, FileDescriptor descriptor) throws IOException {
        Errno errno = socket.binding().platform().errno();
        int result;
        try {
            do {
                result = socket.sendDescriptor(descriptor);
                // A signal came first (sendmsg(2), EINTR).
            } while (result == -errno.EINTR());
        } catch (ClosedChannelException e) {
            in.remove(e);
            return 0;
        }
        if (result == -errno.EAGAIN()) {
            return RegionWriter.FULL;
        }
        if (result >= 0) {
            in.remove();
            return 1;
        }
        IOException cause = SocketErrors.exception(socket.binding(), "sendmsg", -result);
        if (!socket.isOpen() || isOfTheConnection(errno, -result)) {
            throw cause;
        }
        in.remove(cause);
        return 1;
    }

    private static boolean isOfTheConnection(Errno errno, int number) {
        // All others are of the descriptor: EBADF, it is not open; EOPNOTSUPP and EINVAL, it is of a kind that cannot
        // be
        // passed, such as a kqueue (unix(4) of FreeBSD); ETOOMANYREFS, more are on their way than this process may have
        // open (unix(7)); or there is no memory for the message.
        return number == errno.EPIPE() || number == errno.ECONNRESET() || number == errno.ENOTCONN();
    }
}
