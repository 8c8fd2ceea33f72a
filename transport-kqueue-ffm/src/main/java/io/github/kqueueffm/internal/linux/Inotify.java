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
     * @return a number for {@link #remove}, or {@code -errno}: ENOSPC past fs.inotify.max_user_watches, EACCES for a file that
     *     may not be read
     */
    int watch(FileWatcher watcher) {
        byte[] name = ("/proc/self/fd/" + watcher.fd()).getBytes(StandardCharsets.US_ASCII);
        path.buffer().put(0, name);
        path.buffer().put(name.length, (byte) 0);
        int watch = add(watcher.mask());
        if (watch < 0) {
            return watch;
        }
        List<FileWatcher> watchers = watches.get(watch);
        if (watchers == null) {
            watchers = new ArrayList<>();
            watches.put(watch, watchers);
        } else if (!watchers.contains(watcher)) {
            // What has happened so far is for the others.
            drain();
        }
        if (!watchers.contains(watcher)) {
            watchers.add(watcher);
        }
        int all = mask(watchers);
        return all == watcher.mask() ? watch : add(all);
    }

    private int add(int mask) {
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
            // EINVAL: the file system was unmounted, which has done it. Numbers of watches do not come back
            // (inotify(7)).
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
        List<FileWatcher> watchers = watches.get(watch);
        if (watchers != null) {
            tell(watchers, mask, named);
            if ((mask & constants.IN_IGNORED()) != 0) {
                watches.remove(watch);
            }
        }
    }

    /** A watcher may remove itself while it is told. */
    private static void tell(List<FileWatcher> watchers, int mask, boolean named) {
        for (FileWatcher watcher : List.copyOf(watchers)) {
            watcher.told(mask, named);
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
