// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel that says how much there is to read, and that no more will come, is not asked again: no read that finds nothing. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ReadShortcutsTest {

    private static final int BUFFER = 64;

    private final Platform platform;
    private final ScriptedChannels s;
    private KQueueServerSocketChannel server;
    private Runnable onRead = () -> {};
    private final PipelineLog log = new PipelineLog() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            super.channelRead(ctx, msg);
            onRead.run();
        }
    };
    private final ServerBootstrap bootstrap = new ServerBootstrap()
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BUFFER).maxMessagesPerRead(16));

    ReadShortcutsTest(Platform platform) {
        this.platform = platform;
        s = new ScriptedChannels(platform);
    }

    /** A connection that the kernel watches already. */
    private FakeSocket accept() {
        if (server == null) {
            server = s.listen("127.0.0.1", bootstrap, log);
        }
        s.fake(server).connections(1);
        s.turn();
        s.turn();
        log.told.clear();
        return s.fake(log.last());
    }

    @Test
    void anEndWithNothingBeforeItIsNotRead() {
        accept().endOfFile();

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(log.told).containsExactly("readComplete", "inactive");
    }

    @Test
    void anEndThatComesAfterEverythingWasReadIsNotRead() {
        FakeSocket socket = accept().arrive(10);
        s.turn();
        socket.endOfFile();

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(log.told).containsExactly("read 10", "readComplete", "readComplete", "inactive");
    }

    @Test
    void anEndWhereHalfClosureIsAllowedIsNotReadEither() {
        bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        accept().endOfFile();

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.SHUTDOWN);
        assertThat(log.told)
                .containsExactly("readComplete", "ChannelInputShutdownEvent", "ChannelInputShutdownReadComplete");
        assertThat(log.last().isActive()).isTrue();
        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
    }

    @Test
    void bytesBeforeTheEndAreReadToTheLastAndNoFurther() {
        accept().arrive(BUFFER + 1).endOfFile();

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ, CFunction.READ, CFunction.CLOSE);
        assertThat(log.told).containsExactly("read 64", "read 1", "readComplete", "inactive");
    }

    @Test
    void aResetIsToldAsSuchWithoutARead() {
        accept().fail(platform.errno().ECONNRESET());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(log.told).containsExactly("readComplete", "exception ECONNRESET", "inactive");
    }

    @Test
    void aResetWhileReadingIsBlockedIsToldAsSuchToo() {
        FakeSocket socket = accept();
        log.last().config().setAutoRead(false);
        s.turn();
        socket.fail(platform.errno().ECONNRESET());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(log.told).containsExactly("readComplete", "exception ECONNRESET", "inactive");
    }

    /** Whoever else has the socket may take the bytes, and the error with them, between the event and the read. */
    @Test
    void aResetThatTheEventHasToldIsNotForgottenWhenTheReadFindsNothing() {
        FakeSocket first = accept();
        FakeSocket second = accept();
        onRead = () -> {
            second.take(10);
            second.takeError();
        };
        first.arrive(1);
        second.arrive(10).fail(platform.errno().ECONNRESET());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ, CFunction.READ, CFunction.CLOSE);
        assertThat(log.told).endsWith("exception ECONNRESET", "inactive");
    }

    @Test
    void aBufferThatIsFilledToItsLastByteIsNotReadAgain() {
        FakeSocket socket = accept().arrive(BUFFER);

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ);
        assertThat(log.told).containsExactly("read 64", "readComplete");
        socket.arrive(BUFFER);
        assertThat(s.callsOfATurn())
                .as("and what comes next is an edge of its own")
                .containsExactly(CFunction.KEVENT, CFunction.READ);
    }

    @Test
    void bytesForSeveralBuffersAreReadInAsManyCalls() {
        accept().arrive(3 * BUFFER);

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ, CFunction.READ, CFunction.READ);
        assertThat(log.told).containsExactly("read 64", "read 64", "read 64", "readComplete");
    }

    /** The WRITE filter tells of it with EV_EOF, which says nothing of what the peer may still send. */
    @Test
    void theEndOfOnesOwnOutputIsNotTheEndOfTheInput() {
        bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        FakeSocket socket = accept().room(0);
        KQueueSocketChannel channel = log.last();
        ByteBuf message = channel.alloc().directBuffer().writeZero(10);
        ChannelFuture write = channel.writeAndFlush(message);
        s.turn();
        channel.shutdownOutput();
        s.turn();
        assertThat(write.cause()).isNotNull();

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
        assertThat(log.told).noneMatch(told -> told.startsWith("ChannelInput"));
        log.told.clear();
        socket.arrive(5);
        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ);
        assertThat(log.told).containsExactly("read 5", "readComplete");
        assertThat(channel.isOpen()).isTrue();
    }
}
