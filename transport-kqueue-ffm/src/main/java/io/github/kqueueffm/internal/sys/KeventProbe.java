// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.KeventLayout;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel which {@code struct kevent} it takes. FreeBSD has one of 32 and one of 64 bytes behind one name, and a release
 * number can be that of a jail, of a compatibility layer or of a kernel in between.
 *
 * <p>Both ends of a pipe are registered in one call. If the struct has another size than the record says, the kernel reads the
 * second change from the middle of the first or from the zeroes behind both, and cannot answer with what was sent.
 */
final class KeventProbe {

    private static final long READER = 0x5eed_0000_0000_0001L;
    private static final long WRITER = 0x5eed_0000_0000_0002L;

    /** Room for two structs of any size that a kernel could have in mind; the largest known has 72 bytes. */
    private static final int ROOM = 1024;

    private final Syscalls syscalls;
    private final Platform platform;
    private final KeventLayout layout;
    private final NativeMemory changes;
    private final NativeMemory events;

    private KeventProbe(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        this.platform = platform;
        this.layout = platform.kevent();
        this.changes = NativeMemory.allocate(syscalls, ROOM);
        this.events = NativeMemory.allocate(syscalls, ROOM);
    }

    /**
     * The first of the records whose struct the kernel takes; {@code null} if it takes none of them. The first of all where the
     * kernel does not say, for lack of descriptors: whoever opens the next kqueue hears why.
     *
     * @param candidates at least one; they differ in nothing that {@code syscalls} was made with
     */
    static @Nullable Platform choose(Syscalls syscalls, List<Platform> candidates) {
        for (Platform candidate : candidates) {
            Boolean fits = new KeventProbe(syscalls, candidate).fits();
            if (fits == null) {
                return candidates.get(0);
            } else if (fits) {
                return candidate;
            }
        }
        return null;
    }

    /** {@code null} if the question could not be asked. */
    private @Nullable Boolean fits() {
        NativeMemory ends = NativeMemory.allocate(syscalls, 2 * Integer.BYTES);
        int kq = syscalls.kqueue();
        if (kq < 0) {
            return null;
        }
        try {
            if (syscalls.pipe(ends.address()) < 0) {
                return null;
            }
            int reader = ends.buffer().getInt(0);
            int writer = ends.buffer().getInt(Integer.BYTES);
            try {
                // One byte into an empty pipe: does not block
                return syscalls.write(writer, ends.address(), 1) == 1 ? answers(kq, reader, writer) : null;
            } finally {
                // Nothing depends on what close(2) answers
                syscalls.close(reader);
                syscalls.close(writer);
            }
        } finally {
            syscalls.close(kq);
            Reference.reachabilityFence(ends);
        }
    }

    private boolean answers(int kq, int reader, int writer) {
        KqueueConstants constants = platform.kqueue();
        change(0, reader, constants.EVFILT_READ(), READER);
        change(1, writer, constants.EVFILT_WRITE(), WRITER);
        NativeMemory noWait = NativeMemory.allocate(syscalls, platform.structs().timespecSize());
        int count;
        do {
            count = syscalls.kevent(kq, changes.address(), 2, events.address(), 2, noWait.address());
            // EINTR: the changes may be made again, whether they were applied or not
        } while (count == -platform.errno().EINTR());
        Reference.reachabilityFence(noWait);
        Reference.reachabilityFence(changes);
        Reference.reachabilityFence(events);
        return count == 2
                && (isEvent(0, reader, constants.EVFILT_READ(), READER)
                                && isEvent(1, writer, constants.EVFILT_WRITE(), WRITER)
                        || isEvent(0, writer, constants.EVFILT_WRITE(), WRITER)
                                && isEvent(1, reader, constants.EVFILT_READ(), READER));
    }

    private void change(int index, int fd, int filter, long udata) {
        int at = index * layout.size();
        ByteBuffer buffer = changes.buffer();
        int flags = platform.kqueue().EV_ADD() | platform.kqueue().EV_ENABLE();
        buffer.putLong(at + layout.ident(), fd);
        put(buffer, at + layout.filter(), layout.filterSize(), filter);
        put(buffer, at + layout.flags(), layout.flagsSize(), flags);
        buffer.putLong(at + layout.udata(), udata);
    }

    private boolean isEvent(int index, int fd, int filter, long udata) {
        int at = index * layout.size();
        ByteBuffer buffer = events.buffer();
        return buffer.getLong(at + layout.ident()) == fd
                && get(buffer, at + layout.filter(), layout.filterSize()) == filter
                && (get(buffer, at + layout.flags(), layout.flagsSize())
                                & platform.kqueue().EV_ERROR())
                        == 0
                && buffer.getLong(at + layout.udata()) == udata;
    }

    private static void put(ByteBuffer buffer, int at, int size, int value) {
        if (size == Short.BYTES) {
            buffer.putShort(at, (short) value);
        } else {
            buffer.putInt(at, value);
        }
    }

    private static int get(ByteBuffer buffer, int at, int size) {
        return size == Short.BYTES ? buffer.getShort(at) : buffer.getInt(at);
    }
}
