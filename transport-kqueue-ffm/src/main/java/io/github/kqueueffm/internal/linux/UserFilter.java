// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** EVFILT_USER. The loop's thread, but for {@link #trigger}. */
final class UserFilter implements FilterFamily {

    private static final UserEvent[] NONE = {};

    final ReadyQueue queue;
    final Wake wake;
    private final KqueueConstants constants;
    private final NoteConstants notes;
    private final Errno errno;

    /** Replaced as a whole, for {@link #trigger}. */
    private volatile UserEvent[] events = NONE;

    UserFilter(Syscalls syscalls, Platform platform, OwnDescriptors own, ReadyQueue queue) {
        constants = platform.kqueue();
        notes = platform.notes();
        errno = platform.errno();
        this.queue = queue;
        wake = new Wake(syscalls, platform, own, this::collect);
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
        boolean trigger = (fflags & constants.NOTE_TRIGGER()) != 0;
        if (event != null) {
            event.fflags = combine(event.fflags, fflags);
            if ((flags & constants.EV_CLEAR()) != 0) {
                // A change with EV_CLEAR takes back a trigger, its own as well (filt_usertouch of FreeBSD).
                event.knote.deactivate();
                trigger = false;
            }
        } else if ((flags & constants.EV_ADD()) != 0) {
            int result = wake.open();
            if (result < 0) {
                return result;
            }
            event = new UserEvent(this, constants, number);
            event.knote.create(flags);
            // The flags of the EV_ADD that makes it are its own; the control bits are for changes (filt_userattach).
            event.fflags = fflags & notes.NOTE_FFLAGSMASK();
            append(event);
        } else {
            return -errno.ENOENT();
        }
        event.data = data;
        event.knote.udata = udata;
        if ((flags & constants.EV_DELETE()) != 0) {
            remove(event);
            return 0;
        }
        event.disableOrEnable(flags);
        if (trigger) {
            event.activate();
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

    void remove(UserEvent event) {
        event.knote.remove();
        UserEvent[] rest = new UserEvent[events.length - 1];
        int count = 0;
        for (UserEvent other : events) {
            if (other != event) {
                rest[count++] = other;
            }
        }
        events = rest;
    }

    /** Fires an event from any thread; 0 or {@code -errno}, ENOENT if there never was one by this number or no longer is. */
    int trigger(int ident) {
        UserEvent event = find(ident);
        return event == null ? -errno.ENOENT() : event.trigger();
    }

    private void collect() {
        for (UserEvent event : events) {
            event.collect();
        }
    }

    /** Idempotent. */
    void close() {
        events = NONE;
        wake.close();
    }
}
