// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that move datagrams, and the one that ends a connection of a datagram socket.
 *
 * <p>Those that move data belong to the event loop's thread; they answer {@code >= 0} or {@code -errno}, never {@code -EINTR},
 * allocate nothing, and after the socket's close answer {@code -EBADF} without a call.
 */
public final class DatagramCalls {

    private final NativeSocket socket;
    private final Syscalls syscalls;
    private final Errno errno;
    private final SocketAddressCodec codec;
    private final SenderCache senders;
    private final RecipientCache recipients;
    private final boolean batchErrorSticks;

    /** An error, positive, that was found when another was looked for; 0 for none. */
    private int pendingError;

    public DatagramCalls(NativeSocket socket) {
        this.socket = socket;
        syscalls = socket.syscalls;
        errno = socket.system.platform.errno();
        codec = socket.system.codec;
        senders = new SenderCache(codec);
        recipients = new RecipientCache(codec, socket.family());
        batchErrorSticks = socket.system.platform.traits().batchErrorSticks();
    }

    /**
     * Receives into the first {@code count} entries: as many datagrams as are there.
     *
     * @param count at most the capacity of {@code into}
     * @return number of datagrams, at least 1, or {@code -errno}
     */
    public int receive(MessageArray into, int count) {
        if (pendingError != 0) {
            int error = pendingError;
            pendingError = 0;
            return -error;
        }
        int result;
        do {
            result = count == 1 ? receiveOne(into) : receiveMany(into, count);
            // A signal came first (recvmsg(2), EINTR).
        } while (result == -errno.EINTR());
        Reference.reachabilityFence(into);
        return result;
    }

    private int receiveMany(MessageArray into, int count) {
        int result =
                socket.isOpen() ? syscalls.recvmmsg(socket.intValue(), into.address(), count, 0, 0) : -errno.EBADF();
        if (result == -errno.ENOSYS()) {
            into.useSingly();
            return receiveOne(into);
        }
        into.receivedMany();
        unstick(result, count);
        return result;
    }

    /** Whether the next {@link #receive} tells of an error whatever the socket has. */
    public boolean isErrorPending() {
        return pendingError != 0;
    }

    /** After a batch of {@code count} that ended with {@code result}. */
    private void unstick(int result, int count) {
        if (result == count || !batchErrorSticks) {
            return;
        }
        try {
            int error = socket.error();
            // The batch's own error is told by its result, and EAGAIN is only ever a batch's.
            if (error != errno.EAGAIN() && error != -result) {
                pendingError = error;
            }
        } catch (IOException e) {
            // SO_ERROR cannot fail on a socket, so this one is closed: by whoever has its descriptor, or by another
            // thread.
            pendingError = 0;
        }
    }

    private int receiveOne(MessageArray into) {
        long length = socket.isOpen() ? syscalls.recvmsg(socket.intValue(), into.headerAddress(), 0) : -errno.EBADF();
        if (length < 0) {
            return (int) length;
        }
        into.received((int) length);
        return 1;
    }

    /**
     * Sends the first {@code count} entries.
     *
     * @param count at most the capacity of {@code from}
     * @return number of datagrams sent, at least 1, or {@code -errno} of the first
     */
    public int send(MessageArray from, int count) {
        int result;
        do {
            result = count == 1 ? sendOne(from) : sendMany(from, count);
            // A signal came first (sendmsg(2), EINTR).
        } while (result == -errno.EINTR());
        Reference.reachabilityFence(from);
        return result;
    }

    private int sendMany(MessageArray from, int count) {
        int result = socket.isOpen() ? syscalls.sendmmsg(socket.intValue(), from.address(), count, 0) : -errno.EBADF();
        if (result == -errno.ENOSYS()) {
            from.useSingly();
            return sendOne(from);
        }
        unstick(result, count);
        return result;
    }

    private int sendOne(MessageArray from) {
        long result = socket.isOpen() ? syscalls.sendmsg(socket.intValue(), from.headerAddress(), 0) : -errno.EBADF();
        return result < 0 ? (int) result : 1;
    }

    /**
     * Puts an address into an entry that is to be sent.
     *
     * @return its length, bytes, or {@code -errno} for one that no kernel would take
     * @throws UnresolvedAddressException if it has no IP address yet
     * @throws UnsupportedAddressTypeException if this socket cannot send to such an address
     */
    public int name(SocketAddress address, MessageArray into, int index) {
        return recipients.encode(address, into.memory(), into.name(index));
    }

    /** Who has sent what an entry received, {@code null} if the kernel gives no address that is known here. */
    public @Nullable SocketAddress sender(MessageArray from, int index) {
        return senders.decode(from.memory(), from.name(index), from.nameLength(index));
    }

    /**
     * The exception for a call that failed.
     *
     * @param call name of the C function
     * @param number errno, positive
     * @param connected whether the socket is connected: then an ICMP message of an earlier datagram may be behind the error
     */
    public Exception failure(String call, int number, boolean connected) {
        if (number == errno.EDESTADDRREQ() || number == errno.ENOTCONN()) {
            NotYetConnectedException exception = new NotYetConnectedException();
            exception.initCause(SocketErrors.plain(socket.binding(), call, number));
            return exception;
        }
        if (number == errno.EISCONN()) {
            // A connected socket of the BSDs sends to nobody else; with NIO none does.
            AlreadyConnectedException exception = new AlreadyConnectedException();
            exception.initCause(SocketErrors.plain(socket.binding(), call, number));
            return exception;
        }
        if (connected && number == errno.ECONNREFUSED() && socket.family() != SocketProtocolFamily.UNIX) {
            IOException cause = SocketErrors.plain(socket.binding(), call, number);
            PortUnreachableException exception = new PortUnreachableException(cause.getMessage());
            exception.initCause(cause);
            return exception;
        }
        return socket.family() == SocketProtocolFamily.UNIX
                ? UnixErrors.send(socket.binding(), call, number)
                : SocketErrors.exception(socket.binding(), call, number);
    }

    /**
     * Takes the peer from a connected socket: it then receives from anybody again. Any thread.
     *
     * @throws IOException if it still has its peer afterwards
     */
    public void disconnect() throws IOException {
        socket.enter();
        try {
            int result = syscalls.has(CFunction.DISCONNECTX) ? disconnectx() : connectToNobody();
            // The BSDs take the peer away and then complain of the address (EAFNOSUPPORT, EINVAL, EADDRNOTAVAIL:
            // connect(2) of FreeBSD, "dissolve the association by connecting to an invalid address"); macOS answers
            // EINVAL or ENOTCONN where there was none. What counts is whether there is still one.
            if (result < 0 && socket.remoteAddress() != null) {
                throw SocketErrors.exception(socket.binding(), "connect", -result);
            }
        } finally {
            socket.leave();
        }
    }

    /** 0 stands for any association and any connection, SAE_ASSOCID_ANY and SAE_CONNID_ANY. */
    private int disconnectx() {
        return syscalls.disconnectx(socket.intValue(), 0, 0);
    }

    private int connectToNobody() {
        AddressScratch scratch = socket.system.scratch().address;
        int length = codec.encodeNobody(socket.family(), scratch.buffer(), 0);
        int result = syscalls.connect(socket.intValue(), scratch.address(), length);
        Reference.reachabilityFence(scratch);
        return result;
    }
}
