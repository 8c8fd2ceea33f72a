// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files. */
@Timeout(120)
class KQueueFileWatchTest extends HandleLoops {

    /** What every system tells of. */
    private static final Set<KQueueFileEvent> COMMON = EnumSet.range(KQueueFileEvent.DELETE, KQueueFileEvent.REVOKE);

    @TempDir
    Path dir;

    private final KQueueFileListener noting = new KQueueFileListener() {
        @Override
        public void changed(KQueueFileWatch watch, Set<KQueueFileEvent> events) {
            notes.add(EnumSet.copyOf(events));
        }

        @Override
        public void exceptionCaught(KQueueFileWatch watch, Throwable cause) {
            notes.add(cause);
        }
    };

    private KQueueFileWatch watch(Path path, Set<KQueueFileEvent> events) throws Exception {
        return registered(KQueueFileWatch.watch(loop, path, events, noting));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(dir.resolve("file"), content);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void growth() throws Exception {
        Path file = file("a");
        KQueueFileWatch watch = watch(file, COMMON);
        assertThat(watch.file()).isEqualTo(file.toFile());
        append(file, "bc");
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE, KQueueFileEvent.EXTEND));
        append(file, "d");
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE, KQueueFileEvent.EXTEND));
        nothingMore();
    }

    @Test
    void writingWithoutGrowth() throws Exception {
        Path file = file("abc");
        watch(file, COMMON);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {'x'}));
        }
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE));
    }

    @Test
    void attributes() throws Exception {
        Path file = file("a");
        watch(file, COMMON);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.ATTRIB));
    }

    @Test
    void linksRenamesAndRemoval() throws Exception {
        Path file = file("a");
        KQueueFileWatch watch = watch(file, COMMON);
        Path link = Files.createLink(dir.resolve("link"), file);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.LINK));
        Path renamed = Files.move(file, dir.resolve("renamed"));
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.RENAME));
        Files.delete(link);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.LINK));
        Files.delete(renamed);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.DELETE));
        assertThat(watch.isOpen()).as("who made it closes it").isTrue();
        nothingMore();
    }

    @Test
    void namesInADirectory() throws Exception {
        watch(dir, COMMON);
        Path file = file("a");
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE));
        append(file, "what is in the files is not told");
        Files.createDirectory(dir.resolve("sub"));
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE, KQueueFileEvent.LINK));
        nothingMore();
    }

    @Test
    void onlyWhatWasAskedForIsTold() throws Exception {
        Path file = file("a");
        watch(file, EnumSet.of(KQueueFileEvent.DELETE));
        append(file, "b");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        settle();
        Files.delete(file);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.DELETE));
        nothingMore();
    }

    @Test
    void oneShotWatchTellsOnceAndCloses() throws Exception {
        Path file = file("a");
        KQueueFileWatch watch =
                registered(KQueueFileWatch.watchOnce(loop, file.toFile(), EnumSet.of(KQueueFileEvent.WRITE), noting));
        append(file, "b");
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.WRITE));
        done(watch.closeFuture());
        append(file, "c");
        nothingMore();
        assertThat(descriptors()).doesNotContain(file.toRealPath().toString());
        done(registered(KQueueFileWatch.watchOnce(loop, file, COMMON, noting)).close());
    }

    @Test
    void whatIsPendingAtCloseIsDropped() throws Exception {
        Path file = file("a");
        KQueueFileWatch watch = watch(file, COMMON);
        CountDownLatch free = hold();
        append(file, "b");
        watch.close();
        free.countDown();
        done(watch.closeFuture());
        nothingMore();
    }

    /** The number of a closed watch's descriptor goes to the next one: it must not hear of the other's file. */
    @Test
    void successorOfADescriptorHearsNothingOfThePast() throws Exception {
        Path first = file("a");
        Path second = Files.writeString(dir.resolve("second"), "a");
        for (int i = 0; i < 20; i++) {
            KQueueFileWatch past = watch(first, COMMON);
            append(first, "b");
            done(past.close());
            // It may have been told before it was closed.
            settle();
            notes.clear();
            KQueueFileWatch next = watch(second, COMMON);
            append(first, "c");
            nothingMore();
            done(next.close());
        }
    }

    @Test
    void severalWatchesOfOneFile() throws Exception {
        Path file = file("a");
        watch(file, EnumSet.of(KQueueFileEvent.WRITE));
        watch(file, EnumSet.of(KQueueFileEvent.EXTEND));
        registered(KQueueFileWatch.watch(
                otherLoop, new File(file.toString()), EnumSet.of(KQueueFileEvent.DELETE), noting));
        append(file, "b");
        assertThat(Set.of(note(), note()))
                .isEqualTo(Set.of(EnumSet.of(KQueueFileEvent.WRITE), EnumSet.of(KQueueFileEvent.EXTEND)));
        Files.delete(file);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.DELETE));
    }

    @Test
    void descriptorIsClosedWithTheWatch() throws Exception {
        Path file = file("a").toRealPath();
        KQueueFileWatch watch = watch(file, COMMON);
        assertThat(descriptors()).contains(file.toString());
        done(watch.close());
        assertThat(descriptors()).doesNotContain(file.toString());
    }

    @Test
    void descriptorIsClosedWithTheLoop() throws Exception {
        Path file = file("a").toRealPath();
        KQueueFileWatch watch = watch(file, COMMON);
        done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertThat(watch.closeFuture().isSuccess()).isTrue();
        assertThat(descriptors()).doesNotContain(file.toString());
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, file, COMMON, noting))
                .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        assertThat(descriptors()).doesNotContain(file.toString());
    }

    /** Nor do FIFOs keep it waiting for a writer. */
    @Test
    void everythingWithANameCanBeWatched() throws Exception {
        Path fifo = dir.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        KQueueFileWatch watch = watch(fifo, COMMON);
        Files.delete(fifo);
        assertThat(note()).isEqualTo(EnumSet.of(KQueueFileEvent.DELETE));
        done(watch.close());
    }

    @Test
    void fileThatIsNotThere() {
        Path missing = dir.resolve("missing");
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, missing, COMMON, noting))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing.toString())
                .hasCauseInstanceOf(KQueueIoException.class);
        assertThatThrownBy(() ->
                        KQueueFileWatch.watch(loop, dir.resolve("a\u0000b").toFile(), COMMON, noting))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, new File("a\u0000b"), COMMON, noting))
                .isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, new File(file("a").toFile(), "below"), COMMON, noting))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Not a directory");
    }

    @Test
    void eventsThatThisSystemCannotTellAreRefused() throws Exception {
        Path file = file("a");
        assertThat(KQueueFileEvent.WRITE.isSupported()).isTrue();
        assertThat(KQueueFileEvent.OPEN.isSupported()).isFalse();
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, file, EnumSet.of(KQueueFileEvent.OPEN), noting))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("linux has no NOTE_OPEN");
        assertThatThrownBy(() -> KQueueFileWatch.watch(loop, file, Set.of(), noting))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(descriptors()).doesNotContain(file.toRealPath().toString());
    }
}
