// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.ErrnoNames;
import io.github.kqueueffm.internal.sys.Binding;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;

/**
 * What a failed call is told as: the exception that users of NIO and of Netty's own transports get in the same case, with
 * a {@link KQueueIoException} as its cause. Any thread.
 *
 * <p>Each method takes the errno, positive, and returns the exception for the caller to throw. Conditions that the JDK has an
 * unchecked exception for are thrown from here.
 */
public final class SocketErrors {

    private SocketErrors() {}

    /**
     * @param call name of the C function
     * @throws NotYetConnectedException for ENOTCONN
     */
    public static IOException exception(Binding binding, String call, int number) {
        Errno errno = binding.platform().errno();
        KQueueIoException cause = plain(binding, call, number);
        // The descriptor is gone; one of ours is only ever closed through its channel.
        if (number == errno.EBADF()) {
            return with(new ClosedChannelException(), cause);
        }
        if (number == errno.ENOTCONN()) {
            throw with(new NotYetConnectedException(), cause);
        }
        return cause;
    }

    /** Always the exception of our own, whatever the number. */
    static KQueueIoException plain(Binding binding, String call, int number) {
        Errno errno = binding.platform().errno();
        return new KQueueIoException(call, number, ErrnoNames.name(errno, number), ErrnoNames.describe(errno, number));
    }

    /**
     * A connection attempt that failed, at once or later.
     *
     * @throws AlreadyConnectedException for EISCONN
     * @throws ConnectionPendingException for EALREADY
     */
    public static IOException connect(Binding binding, int number) {
        Errno errno = binding.platform().errno();
        KQueueIoException cause = plain(binding, "connect", number);
        if (number == errno.EBADF()) {
            return with(new ClosedChannelException(), cause);
        }
        if (number == errno.EISCONN()) {
            throw with(new AlreadyConnectedException(), cause);
        }
        if (number == errno.EALREADY()) {
            throw with(new ConnectionPendingException(), cause);
        }
        String text = ErrnoNames.describe(errno, number);
        if (number == errno.ENETUNREACH() || number == errno.EHOSTUNREACH()) {
            return with(new NoRouteToHostException(text), cause);
        }
        // Every other reason too: to Netty's users a connect that fails is a ConnectException.
        return with(new ConnectException(text), cause);
    }

    /** @param call {@code bind} or {@code listen}: with SO_REUSEADDR Linux finds a port in use only at listen(2) */
    public static IOException bind(Binding binding, String call, int number) {
        Errno errno = binding.platform().errno();
        if (number == errno.EADDRINUSE() || number == errno.EADDRNOTAVAIL() || number == errno.EACCES()) {
            return with(new BindException(ErrnoNames.describe(errno, number)), plain(binding, call, number));
        }
        return exception(binding, call, number);
    }

    private static <T extends Exception> T with(T exception, KQueueIoException cause) {
        exception.initCause(cause);
        return exception;
    }
}
