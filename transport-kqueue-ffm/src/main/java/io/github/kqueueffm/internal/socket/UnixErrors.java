// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.ErrnoNames;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * What a failed bind, connect or send of a UNIX socket is told as: {@link SocketErrors} in the words of files. Any thread.
 *
 * <p>Each method takes the errno, positive, and returns the exception for the caller to throw.
 */
final class UnixErrors {

    private UnixErrors() {}

    static IOException bind(Binding binding, int number, SocketAddress address) {
        Errno errno = binding.platform().errno();
        String text = text(binding, number, address) + ": " + printable(address);
        KQueueIoException cause = cause(binding, "bind", number, text);
        if (number == errno.EADDRINUSE() || number == errno.EADDRNOTAVAIL() || number == errno.EACCES()) {
            return with(new BindException(text), cause);
        }
        return number == errno.EBADF() ? SocketErrors.exception(binding, "bind", number) : cause;
    }

    static IOException connect(Binding binding, int number, SocketAddress address) {
        Errno errno = binding.platform().errno();
        if (number == errno.EBADF() || number == errno.EISCONN() || number == errno.EALREADY()) {
            return SocketErrors.connect(binding, number);
        }
        String text = text(binding, number, address);
        KQueueIoException cause = cause(binding, "connect", number, text);
        if (number == errno.ENOENT()) {
            return with(new FileNotFoundException(text + ": " + printable(address)), cause);
        }
        // Without the name: Netty adds it to a ConnectException.
        return with(
                new ConnectException(
                        number == errno.EAGAIN() ? text + ": the backlog of the listening socket is full" : text),
                cause);
    }

    /** A datagram could not be sent. */
    static IOException send(Binding binding, String call, int number) {
        Errno errno = binding.platform().errno();
        return number == errno.ENOENT()
                ? with(
                        new FileNotFoundException(ErrnoNames.describe(errno, number)),
                        SocketErrors.plain(binding, call, number))
                : SocketErrors.exception(binding, call, number);
    }

    private static KQueueIoException cause(Binding binding, String call, int number, String text) {
        return new KQueueIoException(
                call, number, ErrnoNames.name(binding.platform().errno(), number), text);
    }

    /** The errno in words, and what is wrong with the name if that can be said. */
    private static String text(Binding binding, int number, SocketAddress address) {
        Platform platform = binding.platform();
        Errno errno = platform.errno();
        String path = address.toString();
        String text = ErrnoNames.describe(errno, number);
        if (number == errno.ENAMETOOLONG()) {
            int length = path.getBytes(StandardCharsets.UTF_8).length;
            boolean isAbstract = isAbstract(path);
            int most = platform.sockaddr().unPathSize() - (isAbstract ? 0 : 1);
            return length > most ? text + " for a UNIX socket, " + length + " bytes of at most " + most : text;
        }
        if (number == errno.EOPNOTSUPP() && isAbstract(path)) {
            return text + ", abstract names exist on Linux only";
        }
        if (number == errno.EINVAL() && !isAbstract(path) && path.indexOf(0) >= 0) {
            return text + ", a NUL in a path";
        }
        if (number == errno.ENOENT() && path.isEmpty()) {
            return text + ", the path is empty";
        }
        return text;
    }

    private static boolean isAbstract(String path) {
        return !path.isEmpty() && path.charAt(0) == 0;
    }

    /** As netstat and ss have it: abstract names begin with an at sign. */
    private static String printable(SocketAddress address) {
        return address.toString().replace('\0', '@');
    }

    private static <T extends Exception> T with(T exception, KQueueIoException cause) {
        exception.initCause(cause);
        return exception;
    }
}
