// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueFileRegion;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FileRegion;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as messages: of every kind, in parts, too short, and larger than an int counts. */
abstract class AbstractFileRegionTest implements Pairings {

    /** More than all buffers of a loopback connection hold. */
    private static final int LARGE = 24 << 20;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    static Path directory;

    private File file;
    private byte[] content;

    @BeforeAll
    void writeFile() throws IOException {
        content = Payload.of(LARGE);
        file = Files.write(directory.resolve("content"), content).toFile();
    }

    /** The ways to a region. */
    enum Kind {
        NETTY_FILE,
        NETTY_OPENED,
        NETTY_CHANNEL,
        OURS,
        CUSTOM;

        FileRegion of(File file, long position, long count) throws IOException {
            switch (this) {
                case NETTY_FILE:
                    return new DefaultFileRegion(file, position, count);
                case NETTY_OPENED:
                    DefaultFileRegion opened = new DefaultFileRegion(file, position, count);
                    opened.open();
                    return opened;
                case NETTY_CHANNEL:
                    return new DefaultFileRegion(
                            FileChannel.open(file.toPath(), StandardOpenOption.READ), position, count);
                case OURS:
                    return new KQueueFileRegion(file, position, count);
                case CUSTOM:
                    return new DefaultFileRegion(file, position, count) {
                        @Override
                        public long transferTo(WritableByteChannel target, long offset) throws IOException {
                            return super.transferTo(target, offset);
                        }
                    };
            }
            throw new AssertionError(this);
        }
    }

    /** Counts and sums up what it reads, and keeps nothing. */
    private static final class Summing extends Recorder {

        private final CRC32C sum = new CRC32C();
        private long count;

        @Override
        public synchronized void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            try {
                count += buffer.readableBytes();
                for (ByteBuffer part : buffer.nioBuffers()) {
                    sum.update(part);
                }
            } finally {
                buffer.release();
            }
            notifyAll();
        }

        long awaitCount(long expected) throws InterruptedException {
            await(() -> count >= expected, expected + " bytes");
            return count;
        }

        synchronized long sum() {
            return sum.getValue();
        }

        synchronized long count() {
            return count;
        }
    }

    private static long sum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return sum.getValue();
    }

    /** Descriptors of our file in this process; 0 where the system does not tell. */
    private static long descriptorsOf(File file) throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        long count = 0;
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path descriptor : (Iterable<Path>) all::iterator) {
                try {
                    // "/path (deleted)" for one that has no name any more.
                    if (Files.readSymbolicLink(descriptor).toString().startsWith(file.getPath())) {
                        count++;
                    }
                } catch (IOException e) {
                    // The descriptor of the listing itself, or one that another thread has closed.
                    continue;
                }
            }
        }
        return count;
    }

    private static void awaitNoDescriptorsOf(File file) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Recorder.TIMEOUT_SECONDS);
        while (descriptorsOf(file) > 0) {
            assertThat(System.nanoTime())
                    .as("descriptors of the file are still open")
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    List<Arguments> kinds() {
        List<Arguments> all = new ArrayList<>();
        for (Pairing pairing : pairings()) {
            for (Kind kind : Kind.values()) {
                all.add(Arguments.of(pairing, kind));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void arriveWhole(Pairing pairing, Kind kind) throws Exception {
        Summing received = new Summing();
        int position = 12_345;
        int count = LARGE - 23_456;
        try (Link link = Link.on(pairing).peerEvents(received).open()) {
            FileRegion region = kind.of(file, position, count);
            sync(link.subject().writeAndFlush(region));
            assertThat(received.awaitCount(count)).isEqualTo(count);
            assertThat(received.sum()).isEqualTo(sum(content, position, count));
            assertThat(region.transferred()).isEqualTo(count);
            assertThat(region.refCnt()).isZero();
            awaitNoDescriptorsOf(file);
        }
    }

    /** A region that is retained can be looked at, and asked what became of it. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void tellTheirProgress(Pairing pairing, Kind kind) throws Exception {
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        List<Long> transferred = Collections.synchronizedList(new ArrayList<>());
        try (Link link = Link.on(pairing).peerEvents(new Summing()).open()) {
            FileRegion region = kind.of(file, 0, LARGE).retain();
            ChannelProgressivePromise promise = link.subject().newProgressivePromise();
            promise.addListener(new ChannelProgressiveFutureListener() {
                @Override
                public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                    told.add(progress);
                    transferred.add(region.transferred());
                }

                @Override
                public void operationComplete(ChannelProgressiveFuture future) {}
            });
            sync(link.subject().writeAndFlush(region, promise));
            assertThat(told).isSorted().isEqualTo(transferred);
            assertThat(told.get(told.size() - 1)).isEqualTo(LARGE);
            assertThat(region.refCnt()).isEqualTo(1);
            region.release();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void emptyOnes(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            List<ChannelFuture> written = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                written.add(link.subject().write(kind.of(file, 0, 0)));
                written.add(link.subject().write(kind.of(file, 1L << 40, 0)));
                written.add(link.subject().write(kind.of(file, 7, 1)));
            }
            link.subject().flush();
            for (ChannelFuture future : written) {
                sync(future);
            }
            link.peerEvents().awaitBytes(Kind.values().length);
            byte[] expected = new byte[Kind.values().length];
            java.util.Arrays.fill(expected, content[7]);
            assertThat(link.peerEvents().bytes()).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void thatEndAfterTheFileFail(Pairing pairing, Kind kind) throws Exception {
        Summing received = new Summing();
        try (Link link = Link.on(pairing).peerEvents(received).open()) {
            ChannelFuture written = link.subject().writeAndFlush(kind.of(file, LARGE - 1000, 2000));
            assertThatThrownBy(() -> sync(written)).isInstanceOf(IOException.class);
            received.await(Event.INACTIVE);
            assertThat(received.count()).isEqualTo(1000);
            awaitNoDescriptorsOf(file);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void thatBeginAfterTheFileFail(Pairing pairing, Kind kind) throws Exception {
        try (Link link = Link.open(pairing)) {
            ChannelFuture written = link.subject().writeAndFlush(kind.of(file, LARGE + 1, 1));
            assertThatThrownBy(() -> sync(written)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void ofAFileThatIsCutMeanwhileFail(Pairing pairing, Kind kind) throws Exception {
        Path cut = directory.resolve("cut");
        Files.write(cut, content);
        Summing received = new Summing();
        try (Link link = Link.on(pairing)
                .peerOption(ChannelOption.AUTO_READ, false)
                .peerEvents(received)
                .open()) {
            ChannelFuture written = link.subject().writeAndFlush(kind.of(cut.toFile(), 0, LARGE));
            assertThat(written.await(50))
                    .as("nobody reads, and it is more than the buffers hold")
                    .isFalse();
            try (RandomAccessFile shorter = new RandomAccessFile(cut.toFile(), "rw")) {
                shorter.setLength(LARGE - 1);
            }
            link.peer().config().setAutoRead(true);
            assertThatThrownBy(() -> sync(written)).isInstanceOf(IOException.class);
            received.await(Event.INACTIVE);
            // NIO notices it as soon as its socket is full.
            assertThat(received.count()).isBetween(1L, LARGE - 1L);
            assertThat(received.sum()).isEqualTo(sum(content, 0, Math.toIntExact(received.count())));
        }
        Files.delete(cut);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ofAFileThatIsNotThereFail(Pairing pairing) throws Exception {
        File none = directory.resolve("none").toFile();
        for (Kind kind : new Kind[] {Kind.NETTY_FILE, Kind.OURS, Kind.CUSTOM}) {
            try (Link link = Link.open(pairing)) {
                ChannelFuture written = link.subject().writeAndFlush(kind.of(none, 0, 1));
                assertThatThrownBy(() -> sync(written))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("none");
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void whoseChannelIsClosedMeanwhileLeaveNothingOpen(Pairing pairing, Kind kind) throws Exception {
        try (Link link =
                Link.on(pairing).peerOption(ChannelOption.AUTO_READ, false).open()) {
            FileRegion region = kind.of(file, 0, LARGE);
            ChannelFuture written = link.subject().writeAndFlush(region);
            assertThat(written.await(50)).isFalse();
            sync(link.subject().close());
            assertThatThrownBy(() -> sync(written)).isInstanceOf(IOException.class);
            assertThat(region.refCnt()).isZero();
            assertThat(region.transferred()).isBetween(1L, LARGE - 1L);
            awaitNoDescriptorsOf(file);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void whoseOutputIsShutDownMeanwhileLeaveNothingOpen(Pairing pairing, Kind kind) throws Exception {
        try (Link link =
                Link.on(pairing).peerOption(ChannelOption.AUTO_READ, false).open()) {
            ChannelFuture written = link.subject().writeAndFlush(kind.of(file, 0, LARGE));
            assertThat(written.await(50)).isFalse();
            sync(link.subject().shutdownOutput());
            assertThatThrownBy(() -> sync(written)).isInstanceOf(IOException.class);
            awaitNoDescriptorsOf(file);
            assertThat(link.subject().isOpen()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kinds")
    void goOnOnAnotherLoop(Pairing pairing, Kind kind) throws Exception {
        EventLoopGroup group = transport().newGroup(2, "moving");
        Summing received = new Summing();
        try (Link link = Link.on(pairing)
                .subjectGroup(group)
                .peerOption(ChannelOption.AUTO_READ, false)
                .peerEvents(received)
                .open()) {
            ChannelFuture written = link.subject().writeAndFlush(kind.of(file, 0, LARGE));
            assertThat(written.await(50)).isFalse();
            EventLoop before = link.subject().eventLoop();
            EventLoop next = group.next();
            EventLoop target = next == before ? group.next() : next;
            sync(link.subject().deregister());
            sync(target.register(link.subject()));
            link.subject().flush();
            link.peer().config().setAutoRead(true);
            sync(written);
            received.awaitCount(LARGE);
            assertThat(received.sum()).isEqualTo(sum(content, 0, LARGE));
            awaitNoDescriptorsOf(file);
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    /** With holes, so that only the connection has the work of it. */
    @Test
    void largerThanAnIntCounts() throws Exception {
        long count = (1L << 31) + (3 << 20) + 1;
        Path large = directory.resolve("large");
        Assumptions.assumeTrue(Files.getFileStore(directory).getUsableSpace() > 1L << 30);
        CRC32C expected = new CRC32C();
        try (RandomAccessFile out = new RandomAccessFile(large.toFile(), "rw")) {
            out.setLength(count + 10);
            LongConsumer mark = position -> writeAt(out, position);
            mark.accept(5);
            mark.accept((1L << 31) - 4);
            mark.accept(count - 8);
            byte[] block = new byte[1 << 20];
            out.seek(5);
            for (long left = count; left > 0; ) {
                int read = out.read(block, 0, (int) Math.min(left, block.length));
                expected.update(block, 0, read);
                left -= read;
            }
        }
        for (Kind kind : new Kind[] {Kind.NETTY_FILE, Kind.NETTY_CHANNEL}) {
            Summing received = new Summing();
            try (Link link = Link.on(pairings().get(0)).peerEvents(received).open()) {
                FileRegion region = kind.of(large.toFile(), 5, count);
                ChannelFuture written = link.subject().writeAndFlush(region);
                assertThat(written.await(100, TimeUnit.SECONDS)).isTrue();
                sync(written);
                assertThat(received.awaitCount(count)).isEqualTo(count);
                assertThat(received.sum()).isEqualTo(expected.getValue());
                assertThat(region.transferred()).isEqualTo(count);
            }
        }
        Files.delete(large);
    }

    private static void writeAt(RandomAccessFile file, long position) {
        try {
            file.seek(position);
            file.writeLong(0x0123456789ABCDEFL);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
