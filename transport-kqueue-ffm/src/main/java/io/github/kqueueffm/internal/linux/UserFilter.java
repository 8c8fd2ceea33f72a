// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** EVFILT_USER. The loop's thread, but for {@link #trigger}. */
final class UserFilter implements FilterFamily {

    private static final UserEvent[] NONE = {};

    final ReadyQueue queue;
    private final Syscalls syscalls;
    private final KqueueConstants constants;
    private final NoteConstants notes;
    private final Errno errno;
    private final OwnDescriptors own;

    /** The number 1 that each trigger adds, and behind it room for the sum. Written once: triggers come from any thread. */
    private final NativeMemory counter;

    /** Replaced as a whole, for {@link #trigger}. */
    private volatile UserEvent[] events = NONE;

    UserFilter(Syscalls syscalls, Platform platform, OwnDescriptors own, ReadyQueue queue) {
        this.syscalls = syscalls;
        constants = platform.kqueue();
        notes = platform.notes();
        errno = platform.errno();
        this.own = own;
        this.queue = queue;
        counter = NativeMemory.allocate(syscalls, 2 * Long.BYTES);
        counter.buffer().putLong(0, 1);
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_USER();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        int number = (int) ident;
        int known = notes.NOTE_FFCTRLMASK() | constants.NOTE_TRIGGER() | notes.NOTE_FFLAGSMASK();
        if (number != ident || (fflags & ~known) != 0) {
            return -errno.EINVAL();
        }
        UserEvent event = find(number);
        if ((flags & constants.EV_ADD()) != 0) {
            if (event == null) {
                int fd = own.eventfd();
                if (fd < 0) {
                    return fd;
                }
                event = new UserEvent(this, constants, number, fd);
                int result = own.register(event);
                if (result < 0) {
                    return result;
                }
                append(event);
            }
            if (!event.knote.added) {
                event.knote.create(flags);
                // The flags of the EV_ADD that makes it are its own; the control bits are for changes
                // (filt_userattach).
                event.fflags = fflags & notes.NOTE_FFLAGSMASK();
                event.data = data;
                event.knote.udata = udata;
                apply(event, flags, fflags);
                return 0;
            }
        } else if (event == null || !event.knote.added) {
            return -errno.ENOENT();
        }
        event.knote.udata = udata;
        event.fflags = combine(event.fflags, fflags);
        event.data = data;
        if (event.knote.added && (flags & constants.EV_CLEAR()) != 0) {
            // A change with EV_CLEAR takes back a trigger, its own as well (filt_usertouch of FreeBSD).
            event.knote.deactivate();
            apply(event, flags, fflags & ~constants.NOTE_TRIGGER());
        } else {
            apply(event, flags, fflags);
        }
        return 0;
    }

    /** The caller's 24 bits after a change. */
    private int combine(int present, int change) {
        int operand = change & notes.NOTE_FFLAGSMASK();
        int control = change & notes.NOTE_FFCTRLMASK();
        if (control == notes.NOTE_FFAND()) {
            return present & operand;
        }
        if (control == notes.NOTE_FFOR()) {
            return present | operand;
        }
        return control == notes.NOTE_FFCOPY() ? operand : present;
    }

    private void apply(UserEvent event, int flags, int fflags) {
        if ((flags & constants.EV_DELETE()) != 0) {
            remove(event);
            return;
        }
        event.disableOrEnable(flags);
        if ((fflags & constants.NOTE_TRIGGER()) != 0) {
            event.activate();
        }
    }

    private void append(UserEvent event) {
        UserEvent[] grown = Arrays.copyOf(events, events.length + 1);
        grown[grown.length - 1] = event;
        events = grown;
    }

    private @Nullable UserEvent find(int ident) {
        for (UserEvent event : events) {
            if (event.ident == ident) {
                return event;
            }
        }
        return null;
    }

    private void remove(UserEvent event) {
        UserEvent[] rest = new UserEvent[events.length - 1];
        int count = 0;
        for (UserEvent other : events) {
            if (other != event) {
                rest[count++] = other;
            }
        }
        events = rest;
        discard(event);
    }

    private void discard(UserEvent event) {
        event.knote.remove();
        own.close(event);
    }

    /** Fires an event from any thread; 0 or {@code -errno}, ENOENT if there never was one by this number or no longer is. */
    int trigger(int ident) {
        UserEvent event = find(ident);
        return event == null ? -errno.ENOENT() : signal(event.fd);
    }

    int signal(int eventfd) {
        long written = syscalls.write(eventfd, counter.address(), Long.BYTES);
        if (written == -errno.EAGAIN()) {
            // 2^64 - 2 triggers: the counter is full. Whatever the read says, the write after it is what counts.
            syscalls.read(eventfd, counter.address() + Long.BYTES, Long.BYTES);
            written = syscalls.write(eventfd, counter.address(), Long.BYTES);
        }
        Reference.reachabilityFence(counter);
        return written < 0 ? (int) written : 0;
    }

    /** Idempotent. */
    void close() {
        UserEvent[] last = events;
        events = NONE;
        for (UserEvent event : last) {
            discard(event);
        }
    }
}
