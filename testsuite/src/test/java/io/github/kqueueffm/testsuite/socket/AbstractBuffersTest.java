// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testsuite.support.BufferKind;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever kind of buffer is written, its bytes arrive, its promise is done and its memory is given back. */
abstract class AbstractBuffersTest implements Pairings {

    /** More than one writev(2) takes: IOV_MAX is 1024 on all platforms. */
    private static final int MANY = 1100;

    /** In both roles, and not with every peer: who reads makes no difference to how a buffer is written. */
    List<Arguments> kinds() {
        List<Arguments> all = new ArrayList<>();
        Pairing accepted = pairings().get(0);
        Pairing connected = pairings().get(pairings().size() - 1);
        for (BufferKind kind : BufferKind.values()) {
            all.add(Arguments.of(accepted, kind));
            all.add(Arguments.of(connected, kind));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void alone(Pairing pairing, BufferKind kind) throws Exception {
        try (Link link = Link.open(pairing)) {
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int length : new int[] {1, 1000, 0, 100_000}) {
                byte[] bytes = Payload.of(length);
                ByteBuf buffer = kind.of(bytes);
                assertThat(buffer.readableBytes()).isEqualTo(length);
                sync(link.subject().writeAndFlush(buffer));
                assertThat(isReleased(buffer)).as("released: %s", buffer).isTrue();
                expected.writeBytes(bytes);
            }
            link.peerEvents().awaitBytes(expected.size());
            assertThat(Arrays.equals(link.peerEvents().bytes(), expected.toByteArray()))
                    .isTrue();
        }
    }

    /** An empty buffer may be the one that all share, and that is never released. */
    private static boolean isReleased(ByteBuf buffer) {
        return buffer.refCnt() == 0 || buffer.capacity() == 0;
    }

    /** Gathered into as few calls as the kernel's limits allow. */
    @ParameterizedTest
    @MethodSource("kinds")
    void manyAtOnce(Pairing pairing, BufferKind kind) throws Exception {
        List<ByteBuf> buffers = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < MANY; i++) {
            byte[] bytes = Payload.of(i % 40);
            buffers.add(kind.of(bytes));
            expected.writeBytes(bytes);
        }
        writeAll(pairing, buffers, expected.toByteArray());
    }

    /** All kinds in turn, in sizes that fill the socket buffer, so that writes end in the middle of anything. */
    @ParameterizedTest
    @MethodSource("pairings")
    void ofAllKindsMixed(Pairing pairing) throws Exception {
        List<ByteBuf> buffers = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            for (BufferKind kind : BufferKind.values()) {
                byte[] bytes = Payload.of((i * 997 + kind.ordinal() * 131) % 30_000);
                buffers.add(kind.of(bytes));
                expected.writeBytes(bytes);
            }
        }
        writeAll(pairing, buffers, expected.toByteArray());
    }

    private static void writeAll(Pairing pairing, List<ByteBuf> buffers, byte[] expected) throws Exception {
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.SO_SNDBUF, 32 << 10)
                .open()) {
            List<ChannelFuture> written = new ArrayList<>();
            for (ByteBuf buffer : buffers) {
                written.add(link.subject().write(buffer));
            }
            link.subject().flush();
            for (ChannelFuture future : written) {
                sync(future);
            }
            link.peerEvents().awaitBytes(expected.length);
            assertThat(Arrays.equals(link.peerEvents().bytes(), expected)).isTrue();
            assertThat(buffers).allMatch(AbstractBuffersTest::isReleased);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void onlyEmptyOnes(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                written.add(link.subject()
                        .write(
                                i % 2 == 0
                                        ? Unpooled.EMPTY_BUFFER
                                        : link.subject().alloc().buffer()));
            }
            link.subject().flush();
            for (ChannelFuture future : written) {
                sync(future);
            }
            sync(link.subject().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {42})));
            link.peerEvents().awaitBytes(1);
            assertThat(link.peerEvents().bytes()).containsExactly(42);
        }
    }

    /** Buffers and files take different calls, and must not overtake each other. */
    @ParameterizedTest
    @MethodSource("pairings")
    void inTurnsWithFileRegions(Pairing pairing, @TempDir Path directory) throws Exception {
        byte[] content = Payload.of(300_000);
        Path file = Files.write(directory.resolve("content"), content);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (Link link = Link.open(pairing)) {
            List<ChannelFuture> written = new ArrayList<>();
            for (BufferKind kind : BufferKind.values()) {
                byte[] bytes = Payload.of(5000 + kind.ordinal());
                written.add(link.subject().write(kind.of(bytes)));
                written.add(link.subject().write(new DefaultFileRegion(file.toFile(), 1000, 250_000)));
                expected.writeBytes(bytes);
                expected.write(content, 1000, 250_000);
            }
            link.subject().flush();
            for (ChannelFuture future : written) {
                sync(future);
            }
            link.peerEvents().awaitBytes(expected.size());
            assertThat(Arrays.equals(link.peerEvents().bytes(), expected.toByteArray()))
                    .isTrue();
        }
    }

    List<Arguments> allocators() {
        List<Arguments> all = new ArrayList<>();
        for (Pairing pairing : pairings()) {
            all.add(Arguments.of(pairing, "pooled direct", new PooledByteBufAllocator(true)));
            all.add(Arguments.of(pairing, "pooled heap", new PooledByteBufAllocator(false)));
            all.add(Arguments.of(pairing, "unpooled direct", new UnpooledByteBufAllocator(true)));
            all.add(Arguments.of(pairing, "unpooled heap", new UnpooledByteBufAllocator(false)));
            all.add(Arguments.of(pairing, "no cleaner", new UnpooledByteBufAllocator(true, false, false)));
            all.add(Arguments.of(pairing, "adaptive direct", new AdaptiveByteBufAllocator(true)));
            all.add(Arguments.of(pairing, "adaptive heap", new AdaptiveByteBufAllocator(false)));
        }
        return all;
    }

    /** What the channel reads into, and copies into where it has to. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("allocators")
    void ofTheChannelsAllocator(Pairing pairing, String name, ByteBufAllocator allocator) throws Exception {
        byte[] sent = Payload.of(500_000);
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.ALLOCATOR, allocator)
                .open()) {
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent));
            link.subjectEvents().awaitBytes(sent.length);
            assertThat(Arrays.equals(link.subjectEvents().bytes(), sent)).isTrue();
            sync(link.subject().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            sync(link.subject().writeAndFlush(allocator.buffer().writeBytes(sent)));
            link.peerEvents().awaitBytes(2 * sent.length);
        }
    }

    /** A handler may ask for heap buffers whatever the allocator prefers. */
    @ParameterizedTest
    @MethodSource("pairings")
    void readIntoHeapByOwnRecvAllocator(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(500_000);
        RecvByteBufAllocator heap = new DefaultMaxMessagesRecvByteBufAllocator() {
            @Override
            public Handle newHandle() {
                return new MaxMessageHandle() {
                    @Override
                    public int guess() {
                        return 1234;
                    }

                    @Override
                    public ByteBuf allocate(ByteBufAllocator allocator) {
                        return allocator.heapBuffer(guess());
                    }
                };
            }
        };
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, heap)
                .open()) {
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent));
            link.subjectEvents().awaitBytes(sent.length);
            assertThat(Arrays.equals(link.subjectEvents().bytes(), sent)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void progressIsTold(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(4 << 20);
        try (Link link = Link.open(pairing)) {
            List<Long> progress = new ArrayList<>();
            ChannelProgressivePromise promise = link.subject().newProgressivePromise();
            promise.addListener(new ChannelProgressiveFutureListener() {
                @Override
                public void operationProgressed(ChannelProgressiveFuture future, long soFar, long total) {
                    assertThat(total).isEqualTo(sent.length);
                    synchronized (progress) {
                        progress.add(soFar);
                    }
                }

                @Override
                public void operationComplete(ChannelProgressiveFuture future) {}
            });
            link.subject().writeAndFlush(Unpooled.wrappedBuffer(sent), promise);
            sync(promise);
            synchronized (progress) {
                assertThat(progress).isSorted();
                assertThat(progress).last().isEqualTo((long) sent.length);
            }
            link.peerEvents().awaitBytes(sent.length);
        }
    }

    /** Not writable above the high water mark, writable again below the low one, and told both. */
    @ParameterizedTest
    @MethodSource("pairings")
    void writabilityFollowsWhatIsPending(Pairing pairing) throws Exception {
        byte[] chunk = Payload.of(1 << 20);
        List<Boolean> changes = new ArrayList<>();
        Recorder watching = new Recorder() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                synchronized (changes) {
                    changes.add(ctx.channel().isWritable());
                }
            }
        };
        try (Link link = Link.on(pairing)
                .subjectEvents(watching)
                .peerOption(ChannelOption.AUTO_READ, false)
                .open()) {
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                written.add(link.subject().writeAndFlush(Unpooled.wrappedBuffer(chunk)));
            }
            link.subject().eventLoop().submit(() -> {}).sync();
            assertThat(link.subject().isWritable()).isFalse();
            link.peer().config().setAutoRead(true);
            for (ChannelFuture future : written) {
                sync(future);
            }
            link.peerEvents().awaitBytes(16 * chunk.length);
            link.subject().eventLoop().submit(() -> {}).sync();
            assertThat(link.subject().isWritable()).isTrue();
            synchronized (changes) {
                assertThat(changes).first().isEqualTo(false);
                assertThat(changes).last().isEqualTo(true);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void somethingElseIsRefused(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            ChannelPromise promise = link.subject().newPromise();
            link.subject().writeAndFlush("neither a buffer nor a file", promise);
            assertThat(promise.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(promise.cause()).isInstanceOf(UnsupportedOperationException.class);
            assertThat(link.subject().isActive()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void writtenAfterTheCloseFail(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            sync(link.subject().close());
            ByteBuf buffer = link.subject().alloc().buffer().writeInt(1);
            ChannelFuture write = link.subject().writeAndFlush(buffer);
            assertThat(write.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(write.cause()).isInstanceOf(ClosedChannelException.class);
            assertThat(buffer.refCnt()).isZero();
        }
    }
}
