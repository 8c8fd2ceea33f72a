// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.InotifyConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An inotify instance in the epoll set, and who watches what. A file is watched through /proc/self/fd, which leads to what the
 * descriptor has open, whatever its name is by now and also when it has none any more. inotify(7) knows one watch a file, so
 * watchers of one file share it. Loop thread only.
 */
final class Inotify extends EpollTarget {

    /** The number of no watch. */
    static final int NO_WATCH = -1;

    /** Room for many events: those of open files have no name. */
    private static final int BUFFER = 4096;

    /** "/proc/self/fd/" and a number. */
    private static final int PATH = 32;

    private final Syscalls syscalls;
    private final InotifyConstants constants;
    private final StructLayouts structs;
    private final NativeMemory buffer;
    private final NativeMemory path;
    private final Map<Integer, List<FileWatcher>> watches = new HashMap<>();

    Inotify(Syscalls syscalls, Platform platform, int inotify) {
        super(inotify);
        this.syscalls = syscalls;
        constants = platform.inotify();
        structs = platform.structs();
        buffer = NativeMemory.allocate(syscalls, BUFFER);
        path = NativeMemory.allocate(syscalls, PATH);
    }

    /** Opens an instance: its descriptor, or {@code -errno}: EMFILE also past fs.inotify.max_user_instances. */
    static int open(Syscalls syscalls, Platform platform) {
        InotifyConstants constants = platform.inotify();
        return syscalls.inotifyInit1(constants.IN_CLOEXEC() | constants.IN_NONBLOCK());
    }

    /**
     * Begins to tell {@code watcher}, or takes over what it wants now.
     *
     * @param present the number that this gave before, or {@link #NO_WATCH}
     * @return a number for {@link #remove}, or {@code -errno}, and then nothing has changed: ENOSPC past
     *     fs.inotify.max_user_watches, EACCES for a file that may not be read
     */
    int watch(FileWatcher watcher, int present) {
        List<FileWatcher> among = watches.get(present);
        if (among != null) {
            return add(watcher, mask(among));
        }
        if (!watches.isEmpty()) {
            // What has happened so far is for the others.
            drain();
        }
        // To what those want who watch the same file: replacing that, even for a moment, would lose events of theirs.
        int watch = add(watcher, watcher.mask() | constants.IN_MASK_ADD());
        if (watch >= 0) {
            watches.computeIfAbsent(watch, number -> new ArrayList<>()).add(watcher);
        }
        return watch;
    }

    private int add(FileWatcher watcher, int mask) {
        byte[] name = ("/proc/self/fd/" + watcher.fd()).getBytes(StandardCharsets.US_ASCII);
        path.buffer().put(0, name);
        path.buffer().put(name.length, (byte) 0);
        int watch = syscalls.inotifyAddWatch(fd, path.address(), mask);
        Reference.reachabilityFence(path);
        return watch;
    }

    private static int mask(List<FileWatcher> watchers) {
        int all = 0;
        for (FileWatcher watcher : watchers) {
            all |= watcher.mask();
        }
        return all;
    }

    /** Tells {@code watcher} no more, not even what has happened already. */
    void remove(int watch, FileWatcher watcher) {
        List<FileWatcher> watchers = watches.get(watch);
        if (watchers != null && watchers.remove(watcher) && watchers.isEmpty()) {
            watches.remove(watch);
            // EINVAL: the file is no more, which has done it. Numbers of watches do not come back (inotify(7)).
            syscalls.inotifyRmWatch(fd, watch);
        }
    }

    @Override
    void fired(int mask) {
        drain();
    }

    private void drain() {
        while (true) {
            long length = syscalls.read(fd, buffer.address(), BUFFER);
            Reference.reachabilityFence(buffer);
            if (length <= 0) {
                // EAGAIN: that was all. Nothing else can be: the descriptor and the room are ours (inotify(7)).
                return;
            }
            for (int at = 0; at < length; ) {
                int name = buffer.buffer().getInt(at + structs.inotifyEventLength());
                tell(
                        buffer.buffer().getInt(at + structs.inotifyEventWatch()),
                        buffer.buffer().getInt(at + structs.inotifyEventMask()),
                        name > 0);
                at += structs.inotifyEventSize() + name;
            }
        }
    }

    private void tell(int watch, int mask, boolean named) {
        if ((mask & constants.IN_Q_OVERFLOW()) != 0) {
            // Events were lost, nobody knows whose.
            int any = constants.IN_MODIFY() | constants.IN_ATTRIB();
            for (List<FileWatcher> watchers : List.copyOf(watches.values())) {
                tell(watchers, any, false);
            }
            return;
        }
        boolean last = (mask & constants.IN_IGNORED()) != 0;
        List<FileWatcher> watchers = last ? watches.remove(watch) : watches.get(watch);
        if (watchers != null) {
            tell(watchers, mask, named);
        }
    }

    /** A watcher may remove itself while it is told. */
    private static void tell(List<FileWatcher> watchers, int mask, boolean named) {
        for (int i = watchers.size() - 1; i >= 0; i--) {
            watchers.get(i).told(mask, named);
        }
    }

    @Override
    boolean isPending() {
        return false;
    }

    @Override
    int deliver(KEventList events, int at, int room) {
        return 0;
    }
}
