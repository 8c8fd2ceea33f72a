// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A descriptor from its making to its close.
 *
 * <p>After {@link #close} no call reaches the kernel, which may have given the number to somebody else. A call of a thread
 * that is not the owner's stands between {@link #enter} and {@link #leave}; one that runs while another thread closes keeps
 * the descriptor until it has returned.
 *
 * <p>The {@code read}, {@code write} and {@code writev} methods of the superclass need Netty's native library and do not work.
 */
public class NativeDescriptor extends FileDescriptor {

    private static final AtomicIntegerFieldUpdater<NativeDescriptor> USERS =
            AtomicIntegerFieldUpdater.newUpdater(NativeDescriptor.class, "users");

    /** Sign bit of {@link #users}. */
    private static final int CLOSED = Integer.MIN_VALUE;

    final SocketSystem system;
    final Syscalls syscalls;

    /** Number of calls under way in threads other than the event loop's, and {@link #CLOSED}. */
    private volatile int users;

    /** Takes over an open descriptor. */
    public NativeDescriptor(Binding binding, int fd) {
        this(SocketSystem.of(binding), fd);
    }

    NativeDescriptor(SocketSystem system, int fd) {
        super(fd);
        this.system = system;
        this.syscalls = system.syscalls;
    }

    public final Binding binding() {
        return system.binding;
    }

    /**
     * Closes the descriptor; at once, or when calls that other threads have under way have returned. Only the first call does
     * anything.
     */
    @Override
    public final void close() throws IOException {
        int before;
        do {
            before = users;
            if (before < 0) {
                return;
            }
        } while (!USERS.compareAndSet(this, before, before | CLOSED));
        // The superclass keeps a state of its own, which equals nothing that it lets us read or count with.
        markClosed();
        if (before == 0) {
            closeDescriptor();
        }
    }

    private void closeDescriptor() throws IOException {
        int result = syscalls.close(intValue());
        if (result >= 0) {
            return;
        }
        Errno errno = system.platform.errno();
        // EINTR: the descriptor is gone all the same (close(2) of Linux, NOTES; close(2) of FreeBSD: every error but
        // EBADF), and another close could hit its successor. libuv and Go treat it so on macOS too. ECONNRESET:
        // FreeBSD's way to say that the peer had reset the connection (close(2)). It is gone, as was asked for.
        if (result != -errno.EINTR() && result != -errno.ECONNRESET()) {
            throw SocketErrors.plain(system.binding, "close", -result);
        }
    }

    @Override
    public final boolean isOpen() {
        return users >= 0;
    }

    /** Before a call of any thread; {@link #leave} must follow. */
    final void enter() throws ClosedChannelException {
        int before;
        do {
            before = users;
            if (before < 0) {
                throw new ClosedChannelException();
            }
        } while (!USERS.compareAndSet(this, before, before + 1));
    }

    final void leave() throws IOException {
        if (USERS.decrementAndGet(this) == CLOSED) {
            // Closed meanwhile, and the thread that closed left it to the last one here.
            closeDescriptor();
        }
    }

    /** The result of a call that cannot fail with anything special. */
    final int check(String call, int result) throws IOException {
        if (result < 0) {
            throw SocketErrors.exception(system.binding, call, -result);
        }
        return result;
    }
}
