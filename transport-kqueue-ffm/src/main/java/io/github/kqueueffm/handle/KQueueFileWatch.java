// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFiles;
import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoOps;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Watches one file or directory (EVFILT_VNODE; inotify on Linux). It holds a descriptor, so the watch is of the file that had the
 * name when it was made, and stays with it when that is renamed or removed; for a name, watch its directory too.
 *
 * <p>Events that come close together are told at once, and none is told that was not asked for. There is no queue that could
 * overflow on the BSDs; when that of inotify does (fs.inotify.max_queued_events), every file reports WRITE and ATTRIB. Of a network
 * file system usually only what this machine does is told.
 */
public final class KQueueFileWatch extends KQueueHandle {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(KQueueFileWatch.class);

    private static final KQueueFileEvent[] ALL = KQueueFileEvent.values();

    private final File file;
    private final FileDescriptor descriptor;
    private final int fflags;
    private final boolean once;
    private final KQueueFileListener listener;

    /** One for all calls of the listener. */
    private final EnumSet<KQueueFileEvent> happened = EnumSet.noneOf(KQueueFileEvent.class);

    private final Set<KQueueFileEvent> told = Collections.unmodifiableSet(happened);

    private KQueueFileWatch(
            EventLoopGroup loops,
            File file,
            FileDescriptor descriptor,
            int fflags,
            boolean once,
            KQueueFileListener listener) {
        super(loops, KQueueFilter.VNODE, descriptor.intValue());
        this.file = file;
        this.descriptor = descriptor;
        this.fflags = fflags;
        this.once = once;
        this.listener = listener;
    }

    /**
     * Watches a file until the watch is closed. Opens the file, which blocks as the file system does.
     *
     * @param path of the default file system
     * @param events at least one
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws java.nio.file.AccessDeniedException when it may not be opened; it must be readable
     * @throws IOException when it cannot be opened for another reason, see {@link KQueueFiles#openForEvents}
     * @throws UnsupportedOperationException when the system does not tell of one of the events, or the path is of another file
     *     system provider
     * @throws IllegalArgumentException when the event loop is not of this transport, or {@code events} is empty
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueFileWatch watch(
            EventLoopGroup loops, Path path, Set<KQueueFileEvent> events, KQueueFileListener listener)
            throws IOException {
        return open(loops, path.toFile(), events, false, listener);
    }

    /** As {@link #watch(EventLoopGroup, Path, Set, KQueueFileListener)}, with a file of the old kind. */
    public static KQueueFileWatch watch(
            EventLoopGroup loops, File file, Set<KQueueFileEvent> events, KQueueFileListener listener)
            throws IOException {
        return open(loops, file, events, false, listener);
    }

    /** As {@link #watch(EventLoopGroup, Path, Set, KQueueFileListener)}, for one call of the listener; then it closes. */
    public static KQueueFileWatch watchOnce(
            EventLoopGroup loops, Path path, Set<KQueueFileEvent> events, KQueueFileListener listener)
            throws IOException {
        return open(loops, path.toFile(), events, true, listener);
    }

    /** As {@link #watchOnce(EventLoopGroup, Path, Set, KQueueFileListener)}, with a file of the old kind. */
    public static KQueueFileWatch watchOnce(
            EventLoopGroup loops, File file, Set<KQueueFileEvent> events, KQueueFileListener listener)
            throws IOException {
        return open(loops, file, events, true, listener);
    }

    private static KQueueFileWatch open(
            EventLoopGroup loops, File file, Set<KQueueFileEvent> events, boolean once, KQueueFileListener listener)
            throws IOException {
        ObjectUtil.checkNotNull(loops, "loops");
        ObjectUtil.checkNotNull(listener, "listener");
        int fflags = 0;
        for (KQueueFileEvent event : ObjectUtil.checkNotNull(events, "events")) {
            // UnsupportedOperationException, with the name, if there is no such thing.
            fflags |= event.note.value();
        }
        if (fflags == 0) {
            throw new IllegalArgumentException("no events to watch " + file + " for");
        }
        FileDescriptor descriptor = KQueueFiles.openForEvents(file);
        KQueueFileWatch watch;
        try {
            watch = new KQueueFileWatch(loops, file, descriptor, fflags, once, listener);
        } catch (RuntimeException e) {
            close(descriptor, file);
            throw e;
        }
        watch.register();
        return watch;
    }

    /** The file as it was named to make this. */
    public File file() {
        return file;
    }

    @Override
    KQueueIoOps addition() {
        int kind = once ? KQueueIoOps.ONESHOT : KQueueIoOps.CLEAR;
        return KQueueIoOps.newOps(
                KQueueFilter.VNODE, KQueueIoOps.ADD | KQueueIoOps.ENABLE | KQueueIoOps.RECEIPT | kind, fflags);
    }

    @Override
    void deliver(KQueueIoEvent event) {
        happened.clear();
        for (KQueueFileEvent each : ALL) {
            if (each.note.isIn(event.fflags())) {
                happened.add(each);
            }
        }
        listener.changed(this, told);
    }

    @Override
    boolean isLast(KQueueIoEvent event) {
        return once;
    }

    @Override
    void caught(Throwable cause) {
        listener.exceptionCaught(this, cause);
    }

    @Override
    void release() {
        close(descriptor, file);
    }

    private static void close(FileDescriptor descriptor, File file) {
        try {
            descriptor.close();
        } catch (IOException e) {
            logger.warn("The descriptor that watched {} failed to close; it is gone all the same", file, e);
        }
    }

    @Override
    public String toString() {
        return "KQueueFileWatch(" + file + ')';
    }
}
