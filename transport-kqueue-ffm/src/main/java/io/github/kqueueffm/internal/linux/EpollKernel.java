// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;

/**
 * A kqueue made of an epoll set, with the answers of a BSD kernel where epoll allows and these differences:
 *
 * <ul>
 *   <li>{@code data} of READ and WRITE is {@link Kernel#UNKNOWN} unless it decides something: with EV_EOF on READ it is
 *       the number of unread bytes; for a busy listener, the length of its queue.
 *   <li>EV_CLEAR may report once too often: an edge of one direction brings along the other one if that is ready.
 *   <li>One's own {@code shutdown(SHUT_WR)} raises WRITE without EV_EOF.
 *   <li>SO_ERROR of a broken connection is in {@code fflags} and no longer in the socket.
 *   <li>A descriptor that is closed without {@link #forget} keeps its knotes: epoll does not tell. Should the number be
 *       used again, EV_ADD takes the new file for the old one as long as no call has failed on it.
 *   <li>Another kqueue that watches this one is told of descriptors and user events, not of timers, nor of events that an
 *       earlier wait has fetched and had no room for.
 * </ul>
 *
 * The classes of the other filters say what is different there: {@link VnodeFilter}, {@link TimerFilter},
 * {@link ProcessFilter}, {@link SignalFilter}, {@link FileFilters}.
 */
public final class EpollKernel implements Kernel {

    private static final int INITIAL_EVENTS = 64;

    private final KqueueConstants constants;
    private final Errno errno;
    private final TargetTable table = new TargetTable();
    private final ReadyQueue queue = new ReadyQueue();
    private final EpollSet set;
    private final EpollWait wait;
    private final SocketFilters sockets;
    private final UserFilter users;
    private final TimerFilter timers;
    private final RepeatingList repeating = new RepeatingList();
    private final OpenFiles files;
    private final ProcessFilter processes;
    private final SignalFilter signals;
    private final VnodeFilter vnodes;
    private final FilterFamily[] families;

    /**
     * Opens an epoll set.
     *
     * @param exactData READ and WRITE events carry the amount as on a BSD kernel, for a system call or two each
     * @throws java.io.UncheckedIOException when there is no descriptor left or no memory
     */
    public EpollKernel(Syscalls syscalls, Platform platform, boolean exactData) {
        constants = platform.kqueue();
        errno = platform.errno();
        wait = new EpollWait(syscalls, platform, INITIAL_EVENTS);
        set = new EpollSet(syscalls, platform);
        OwnDescriptors own = new OwnDescriptors(syscalls, platform, set, table);
        files = new OpenFiles(syscalls, platform, own);
        FileFilters plain = new FileFilters(syscalls, platform, files, table, queue, repeating);
        sockets = new SocketFilters(syscalls, platform, set, table, queue, plain, exactData);
        OpenKqueues.add(set.fd());
        users = new UserFilter(syscalls, platform, own, queue);
        timers = new TimerFilter(platform, queue);
        vnodes = new VnodeFilter(platform, files, queue, repeating);
        processes = new ProcessFilter(syscalls, platform, own, queue);
        signals = new SignalFilter(syscalls, platform, own, queue);
        families = new FilterFamily[] {sockets, users, timers, vnodes, processes, signals};
    }

    @Override
    public int kevent(KEventList changes, int changeCount, KEventList events, int eventCapacity, long timeoutNanos) {
        if (!set.isOpen()) {
            return -errno.EBADF();
        }
        int errors = 0;
        for (int i = 0; i < changeCount; i++) {
            int result = apply(changes, i);
            if (result >= 0 && (changes.flags(i) & constants.EV_RECEIPT()) == 0) {
                continue;
            }
            if (errors == eventCapacity) {
                // As on the BSDs: the rest is not applied, and a receipt without room ends the list with 0.
                return result;
            }
            events.set(
                    errors++,
                    changes.ident(i),
                    changes.filter(i),
                    constants.EV_ERROR(),
                    changes.fflags(i),
                    -result,
                    changes.udata(i));
        }
        if (errors > 0 || eventCapacity == 0) {
            return errors;
        }
        return timeoutNanos < FOREVER ? -errno.EINVAL() : scan(events, eventCapacity, timeoutNanos);
    }

    private int apply(KEventList changes, int index) {
        int filter = changes.filter(index);
        for (FilterFamily family : families) {
            if (family.has(filter)) {
                return family.change(
                        changes.ident(index),
                        filter,
                        changes.flags(index),
                        changes.fflags(index),
                        changes.data(index),
                        changes.udata(index));
            }
        }
        return -errno.EINVAL();
    }

    private int scan(KEventList events, int capacity, long timeoutNanos) {
        sockets.turn++;
        repeating.run();
        int rechecked = sockets.recheck.run();
        boolean pending = queue.hasPending();
        if (rechecked < 0 && !pending) {
            return rechecked;
        }
        long left = pending ? 0 : timeoutNanos;
        long start = left > 0 ? System.nanoTime() : 0;
        while (true) {
            boolean timed = timers.isRunning();
            // Also with events at hand: an edge of a descriptor that waits its turn becomes one event with it, not two.
            int fetched = wait.await(set.fd(), capacity, timed ? timers.limit(left) : left);
            if (fetched > 0) {
                fire(fetched);
            }
            if (timed) {
                timers.expire();
            }
            int count = queue.drain(events, capacity);
            // 0 events before the time is over: a timer's deadline, or more time than one wait of the kernel's can
            // take.
            if (count > 0 || fetched < 0 || left == 0 || (fetched == 0 && !timed)) {
                return count > 0 ? count : Math.min(0, fetched);
            }
            // Nobody wanted what came: the caller must not be woken by it.
            if (left != FOREVER) {
                left = timeoutNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return 0;
                }
            }
        }
    }

    private void fire(int count) {
        for (int i = 0; i < count; i++) {
            EpollTarget target = table.find(wait.data(i));
            // Null: of a descriptor that was duplicated and then closed here. Its edges are not ours.
            if (target != null) {
                target.fired(wait.mask(i));
            }
        }
    }

    @Override
    public int trigger(int ident, long udata) {
        return users.trigger(ident);
    }

    @Override
    public void exhausted(int ident, int filter) {
        sockets.exhausted(ident, filter);
    }

    @Override
    public void forget(int ident) {
        if (set.isOpen()) {
            sockets.forget(ident);
            vnodes.forget(ident);
        }
    }

    @Override
    public int fd() {
        return set.fd();
    }

    @Override
    public void close() {
        if (set.isOpen()) {
            OpenKqueues.remove(set.fd());
        }
        users.close();
        files.close();
        processes.close();
        signals.close();
        set.close();
    }

    @Override
    public String backend() {
        return "epoll";
    }
}
