// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.DescriptorMessage;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;

/** Receives descriptors and hands each on as a message. Event loop's thread. */
public final class DescriptorReceiver {

    private final NativeSocket socket;
    private final Errno errno;

    /** The thread's, which is another one when the channel has moved to another event loop. */
    private DescriptorMessage message;

    public DescriptorReceiver(NativeSocket socket) {
        this.socket = socket;
        errno = socket.binding().platform().errno();
        message = DescriptorMessage.ofThread(socket.binding());
    }

    /**
     * One recvmsg(2), of one byte. {@link #deliver} must follow if it returns 1.
     *
     * @return 1, 0 at the end of the stream, -1 when there is nothing to read now
     */
    public int receive() throws IOException {
        message = DescriptorMessage.ofThread(socket.binding());
        int result;
        do {
            result = socket.receiveDescriptors(message);
            // A signal came first (recvmsg(2), EINTR).
        } while (result == -errno.EINTR());
        if (result == -errno.EAGAIN()) {
            return -1;
        }
        if (result < 0) {
            throw SocketErrors.exception(socket.binding(), "recvmsg", -result);
        }
        return result;
    }

    /** Number of messages that {@link #deliver} is going to hand on; 0 for a byte that came without descriptors. */
    public int count() {
        return message.count();
    }

    /**
     * Fires the descriptors. Those that are left when a handler closes the channel are closed.
     *
     * @throws IOException if the kernel dropped some, after the others were fired
     */
    public void deliver(ChannelPipeline pipeline) throws IOException {
        boolean lost = message.isTruncated();
        try {
            while (message.hasMore() && socket.isOpen()) {
                pipeline.fireChannelRead(message.take());
            }
        } finally {
            message.closeRest();
        }
        if (lost) {
            throw new IOException(
                    "the kernel dropped descriptors that were passed (MSG_CTRUNC); this process may have as many"
                            + " open as it is allowed to");
        }
    }
}
