// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.IoOps;
import java.util.Objects;

/**
 * A change of one filter of a {@link KQueueIoHandle}, to be given to {@link io.netty.channel.IoRegistration#submit}. It
 * goes to the kernel with the event loop's next wait. Immutable.
 *
 * <p>The flags are those of {@code <sys/event.h>}, and have the same numbers on every system with a kqueue. The filters' own
 * flags have not: {@link KQueueNote} has their names.
 */
public final class KQueueIoOps implements IoOps {

    /** EV_ADD: makes the filter, or changes what it is about. */
    public static final int ADD = 0x1;
    /** EV_DELETE: removes the filter. */
    public static final int DELETE = 0x2;
    /** EV_ENABLE: lets it report. */
    public static final int ENABLE = 0x4;
    /** EV_DISABLE: keeps it from reporting. */
    public static final int DISABLE = 0x8;
    /** EV_ONESHOT: it goes after it has reported. */
    public static final int ONESHOT = 0x10;
    /** EV_CLEAR: it reports changes, not states. */
    public static final int CLEAR = 0x20;
    /**
     * EV_RECEIPT: the change is answered, by an event with {@link KQueueIoEvent#ERROR} whose data is errno, 0 if it was good.
     * Without it only a change that was refused is.
     */
    public static final int RECEIPT = 0x40;
    /** EV_DISPATCH: it is disabled after it has reported. */
    public static final int DISPATCH = 0x80;

    private final KQueueFilter filter;
    private final int flags;
    private final int fflags;
    private final long data;

    private KQueueIoOps(KQueueFilter filter, int flags, int fflags, long data) {
        this.filter = filter;
        this.flags = flags;
        this.fflags = fflags;
        this.data = data;
    }

    /**
     * A change.
     *
     * @param flags {@link #ADD} and the others, combined with {@code |}
     * @param fflags the filter's own flags, in the platform's numbers: {@link KQueueNote#value()}
     */
    public static KQueueIoOps newOps(KQueueFilter filter, int flags, int fflags) {
        return newOps(filter, flags, fflags, 0);
    }

    /**
     * A change.
     *
     * @param flags {@link #ADD} and the others, combined with {@code |}
     * @param fflags the filter's own flags, in the platform's numbers: {@link KQueueNote#value()}
     * @param data the filter's own data: of a timer the time, in the unit that {@code fflags} names
     */
    public static KQueueIoOps newOps(KQueueFilter filter, int flags, int fflags, long data) {
        return new KQueueIoOps(Objects.requireNonNull(filter, "filter"), flags, fflags, data);
    }

    public KQueueFilter filter() {
        return filter;
    }

    public int flags() {
        return flags;
    }

    public int fflags() {
        return fflags;
    }

    public long data() {
        return data;
    }

    @Override
    public String toString() {
        return "KQueueIoOps(" + filter + ", flags=0x" + Integer.toHexString(flags) + ", fflags=0x"
                + Integer.toHexString(fflags) + ", data=" + data + ')';
    }
}
