// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/**
 * One kqueue: the kernel's own, or the one made of epoll on Linux. Used by one event loop; only {@link #trigger} may be
 * called from other threads.
 *
 * <p>Results are {@code >= 0} or {@code -errno}.
 */
public interface Kernel {

    /** {@code data} of a READ event whose amount this kernel does not know without a further call. */
    long UNKNOWN = -1;

    /** {@code timeoutNanos} for a wait without limit. */
    long FOREVER = -1;

    /**
     * kevent(2): applies the first {@code changeCount} entries of {@code changes}, then waits for events.
     *
     * <p>Changes that fail come back as entries with EV_ERROR set in {@code flags}, errno in {@code data} and their own
     * {@code udata}, as long as there is room for them. {@code -EINTR} means that the changes were applied.
     *
     * @param timeoutNanos nanoseconds, 0 to poll, {@link #FOREVER} to wait without limit; rounded up to what the kernel
     *     can express and cut to what it accepts, so a wait may end early with 0 events
     * @return the number of entries stored in {@code events}, or {@code -errno}
     */
    int kevent(KEventList changes, int changeCount, KEventList events, int eventCapacity, long timeoutNanos);

    /**
     * Fires the user event {@code ident}, added before with EVFILT_USER and {@code udata}. Any thread, also several at once,
     * always with the same arguments for one ident; the caller makes sure that the kqueue is not closed meanwhile.
     */
    int trigger(int ident, long udata);

    /**
     * The caller read or wrote until the descriptor had no more (EAGAIN, or less than was asked for). A real kqueue looks
     * again by itself; one that remembers readiness forgets it.
     */
    void exhausted(int ident, int filter);

    /**
     * The descriptor is about to be closed: its knotes end here. A real kqueue drops them in close(2). Must be called
     * before the close.
     */
    void forget(int ident);

    /** The descriptor of the kqueue (of the epoll set on Linux). */
    int fd();

    /** Closes the kqueue. Idempotent. */
    void close();

    /** A word for diagnostics: {@code "kqueue"} or {@code "epoll"}. */
    String backend();
}
