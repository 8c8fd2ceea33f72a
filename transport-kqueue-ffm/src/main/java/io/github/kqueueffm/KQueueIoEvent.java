// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.ErrnoNames;
import io.netty.channel.IoEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a filter of a {@link KQueueIoHandle} reported. The event loop uses the same object again for the next event: take
 * what is needed out of it and do not keep it.
 */
public final class KQueueIoEvent implements IoEvent {

    /** EV_EOF: end of file, or the other side is gone. */
    public static final int EOF = 0x8000;
    /** EV_ERROR: a change was refused, {@link #data()} is errno; or it asked for an answer and was good, and that is 0. */
    public static final int ERROR = 0x4000;

    private int ident;
    private KQueueFilter filter = KQueueFilter.USER;
    private int flags;
    private int fflags;
    private long data;

    KQueueIoEvent() {}

    /** An event with the given content, for tests of handles. */
    public static KQueueIoEvent newEvent(int ident, KQueueFilter filter, int flags, int fflags, long data) {
        return new KQueueIoEvent().update(ident, filter, flags, fflags, data);
    }

    KQueueIoEvent update(int ident, KQueueFilter filter, int flags, int fflags, long data) {
        this.ident = ident;
        this.filter = filter;
        this.flags = flags;
        this.fflags = fflags;
        this.data = data;
        return this;
    }

    /** The handle's ident. */
    public int ident() {
        return ident;
    }

    public KQueueFilter filter() {
        return filter;
    }

    /** The flags of the kernel's answer, {@link #EOF} and {@link #ERROR} among them. */
    public int flags() {
        return flags;
    }

    /** The filter's own flags, in the platform's numbers: {@link KQueueNote#isIn} tells what they mean. */
    public int fflags() {
        return fflags;
    }

    /**
     * The filter's own data: for READ the bytes or connections waiting, where -1 means that the system does not say
     * (Linux); for PROC with {@link KQueueNote#EXIT} the status as wait(2) gives it, -1 if the system does not say; for TIMER
     * the number of expirations, for SIGNAL the number of signals.
     */
    public long data() {
        return data;
    }

    /** Why a change was refused; {@code null} for an event that is not {@link #ERROR}, or is and carries no errno. */
    public @Nullable KQueueIoException cause() {
        if ((flags & ERROR) == 0 || data == 0) {
            return null;
        }
        Errno errno = Availability.binding().platform().errno();
        int number = (int) data;
        return new KQueueIoException(
                "kevent", number, ErrnoNames.name(errno, number), ErrnoNames.describe(errno, number));
    }

    @Override
    public String toString() {
        return "KQueueIoEvent(ident=" + ident + ", " + filter + ", flags=0x" + Integer.toHexString(flags)
                + ", fflags=0x" + Integer.toHexString(fflags) + ", data=" + data + ')';
    }
}
