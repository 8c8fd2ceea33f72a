// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import io.github.kqueueffm.handle.KQueueFileEvent;
import io.github.kqueueffm.handle.KQueueFileListener;
import io.github.kqueueffm.handle.KQueueFileWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a file has, and then what is appended to it, to one connection, until that is closed. A file that is cut is sent from its
 * new end on; when another file takes its name, as by the rotation of a log, it follows the name. Everything happens on the event
 * loop of the connection, which is where the file and its folder are watched.
 */
final class Tail {
    private static final int BLOCK = 16 * 1024;

    private static final Set<KQueueFileEvent> OF_A_FILE = supported(EnumSet.of(
            KQueueFileEvent.WRITE,
            KQueueFileEvent.EXTEND,
            // A cut is told as this on some systems.
            KQueueFileEvent.ATTRIB,
            KQueueFileEvent.TRUNCATE,
            KQueueFileEvent.RENAME,
            KQueueFileEvent.DELETE));

    private final WatchedFolder folder;
    private final Path path;
    private final Path parent;
    private final Channel channel;
    private final WatchCounters counters;

    private @Nullable KQueueFileWatch folderWatch;
    private @Nullable KQueueFileWatch fileWatch;
    private @Nullable FileChannel file;
    // Tells apart what has the same name at different times.
    private @Nullable Object key;
    private long position;
    private boolean closed;

    Tail(WatchedFolder folder, Path path, Channel channel, WatchCounters counters) {
        this.folder = folder;
        this.path = path;
        parent = Objects.requireNonNull(path.getParent());
        this.channel = channel;
        this.counters = counters;
    }

    private static Set<KQueueFileEvent> supported(Set<KQueueFileEvent> events) {
        events.removeIf(event -> !event.isSupported());
        return events;
    }

    /**
     * Opens the file and begins. What happens from here on is not missed: it is watched before it is read.
     *
     * @param lines how many lines at the end of the file to begin with
     */
    void start(int lines) throws IOException {
        openFile();
        FileChannel opened = file;
        if (opened == null) {
            throw new NoSuchFileException(path.toString());
        }
        position = LastLines.start(opened, lines);
        // For the name: a file that comes to have it is not watched yet.
        KQueueFileWatch watch =
                KQueueFileWatch.watch(channel.eventLoop(), parent, EnumSet.of(KQueueFileEvent.WRITE), new Listener());
        folderWatch = watch;
        watch.registerFuture().addListener(registered -> send());
    }

    /** The connection takes more again, or the file has more. */
    void send() {
        if (closed) {
            return;
        }
        try {
            boolean sent = false;
            while (channel.isWritable() && (sendBlock() || turnToWhatIsNew())) {
                sent = true;
            }
            if (sent) {
                channel.flush();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Whether there was something to send. */
    private boolean sendBlock() throws IOException {
        FileChannel present = file;
        if (present == null) {
            return false;
        }
        ByteBuf block = channel.alloc().directBuffer(BLOCK);
        int length = 0;
        try {
            length = block.writeBytes(present, position, BLOCK);
        } finally {
            if (length <= 0) {
                block.release();
            }
        }
        if (length <= 0) {
            return false;
        }
        position += length;
        counters.sent(length);
        channel.write(new DefaultHttpContent(block));
        return true;
    }

    /** Whether there is something else to read than what was read to its end. */
    private boolean turnToWhatIsNew() throws IOException {
        FileChannel present = file;
        if (present != null && present.size() < position) {
            counters.event(path.getFileName() + " was cut");
            position = 0;
            return true;
        }
        Object now = folder.isShown(path) ? keyNow() : null;
        if (now == null || now.equals(key)) {
            // The same, or renamed or removed: until the name is there again, more can come to the file that had it.
            return false;
        }
        counters.event(path.getFileName() + " is another file now");
        closeFile();
        openFile();
        position = 0;
        return file != null;
    }

    /** Opens what has the name now, if anything has. */
    private void openFile() throws IOException {
        for (Object now = keyNow(); now != null && !now.equals(key); now = keyNow()) {
            // The first time, or once more: the name has changed hands while it was opened twice.
            closeFile();
            try {
                KQueueFileWatch watch = KQueueFileWatch.watch(channel.eventLoop(), path, OF_A_FILE, new Listener());
                fileWatch = watch;
                file = FileChannel.open(path);
                // Until then nothing is told, and it may have grown.
                watch.registerFuture().addListener(registered -> send());
            } catch (NoSuchFileException e) {
                // Gone in this moment. The folder tells when the name is back.
                closeFile();
                return;
            }
            key = now;
        }
    }

    /** What the name stands for; {@code null} when it stands for nothing. */
    private @Nullable Object keyNow() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Object found = attributes.fileKey();
            return found == null ? attributes.creationTime() : found;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void closeFile() throws IOException {
        if (fileWatch != null) {
            fileWatch.close();
            fileWatch = null;
        }
        FileChannel present = file;
        file = null;
        key = null;
        if (present != null) {
            present.close();
        }
    }

    private void fail(Throwable cause) {
        counters.event(path.getFileName() + " cannot be followed: " + cause);
        close();
        channel.close();
    }

    /** Ends both watches. May be called again. */
    void close() {
        closed = true;
        if (folderWatch != null) {
            folderWatch.close();
        }
        try {
            closeFile();
        } catch (IOException e) {
            counters.event(path.getFileName() + " could not be closed: " + e);
        }
    }

    private final class Listener implements KQueueFileListener {
        @Override
        public void changed(KQueueFileWatch watch, Set<KQueueFileEvent> events) {
            send();
        }

        @Override
        public void exceptionCaught(KQueueFileWatch watch, Throwable cause) {
            fail(cause);
        }
    }
}
