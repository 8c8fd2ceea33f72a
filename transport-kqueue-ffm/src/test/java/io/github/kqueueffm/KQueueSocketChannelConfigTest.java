// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Options of a socket that is not connected, asked of the kernel beside the config. */
@Timeout(120)
class KQueueSocketChannelConfigTest {

    private final KQueueSocketChannel channel = new KQueueSocketChannel();
    private final KQueueSocketChannelConfig config = channel.config();
    private final NativeSocket socket = channel.socket;
    private final Platform platform = socket.binding().platform();
    private final SocketConstants constants = platform.socket();

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    @Test
    void defaults() {
        assertThat(config.isTcpNoDelay()).isTrue();
        assertThat(config.isKeepAlive()).isFalse();
        assertThat(config.isReuseAddress()).isFalse();
        assertThat(config.getSoLinger()).isEqualTo(-1);
        assertThat(config.getTrafficClass()).isZero();
        assertThat(config.isAllowHalfClosure()).isFalse();
        assertThat(config.isTcpFastOpenConnect()).isFalse();
        assertThat(config.isAutoRead()).isTrue();
        assertThat(config.isAutoClose()).isTrue();
        assertThat(config.getConnectTimeoutMillis()).isEqualTo(30_000);
        assertThat(config.getWriteSpinCount()).isEqualTo(16);
    }

    private <T> void survives(ChannelOption<T> option, T value) {
        assertThat(config.setOption(option, value)).as("%s is taken", option).isTrue();
        assertThat(config.getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config.getOptions()).containsEntry(option, value);
    }

    @Test
    void optionsByTheirNettyNames() {
        survives(ChannelOption.TCP_NODELAY, false);
        survives(ChannelOption.TCP_NODELAY, true);
        survives(ChannelOption.SO_KEEPALIVE, true);
        survives(ChannelOption.SO_KEEPALIVE, false);
        survives(ChannelOption.SO_REUSEADDR, true);
        survives(ChannelOption.SO_LINGER, 5);
        survives(ChannelOption.SO_LINGER, -1);
        survives(ChannelOption.IP_TOS, 0x10);
        survives(ChannelOption.ALLOW_HALF_CLOSURE, true);
        survives(ChannelOption.TCP_FASTOPEN_CONNECT, true);
        survives(KQueueChannelOption.TCP_KEEPIDLE, 61);
        survives(KQueueChannelOption.TCP_KEEPINTVL, 17);
        survives(KQueueChannelOption.TCP_KEEPCNT, 4);
        survives(KQueueChannelOption.TCP_NOPUSH, true);
        survives(KQueueChannelOption.TCP_NOPUSH, false);
        survives(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1234);
        survives(ChannelOption.WRITE_SPIN_COUNT, 3);
        survives(ChannelOption.AUTO_CLOSE, false);
        survives(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(10, 20));
    }

    @Test
    void buffersAsTheKernelCountsThem() {
        config.setOption(ChannelOption.SO_RCVBUF, 20_000);
        config.setOption(ChannelOption.SO_SNDBUF, 30_000);
        // Linux doubles them (socket(7)).
        assertThat(config.getOption(ChannelOption.SO_RCVBUF)).isIn(20_000, 40_000);
        assertThat(config.getReceiveBufferSize()).isIn(20_000, 40_000);
        assertThat(config.getOption(ChannelOption.SO_SNDBUF)).isIn(30_000, 60_000);
        assertThat(config.getSendBufferSize()).isIn(30_000, 60_000);
    }

    @Test
    void everySupportedOptionIsListed() {
        Map<ChannelOption<?>, Object> options = config.getOptions();
        assertThat(options)
                .containsKeys(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        ChannelOption.AUTO_READ,
                        ChannelOption.RECVBUF_ALLOCATOR,
                        ChannelOption.SO_RCVBUF,
                        ChannelOption.SO_SNDBUF,
                        ChannelOption.TCP_NODELAY,
                        ChannelOption.SO_KEEPALIVE,
                        ChannelOption.SO_REUSEADDR,
                        ChannelOption.SO_LINGER,
                        ChannelOption.IP_TOS,
                        ChannelOption.ALLOW_HALF_CLOSURE,
                        ChannelOption.TCP_FASTOPEN_CONNECT,
                        KQueueChannelOption.SO_SNDLOWAT);
        assertThat(options.containsKey(KQueueChannelOption.TCP_NOPUSH))
                .isEqualTo(SocketOption.TCP_NOPUSH.isSupported(platform));
        for (ChannelOption<?> option : options.keySet()) {
            assertThat(config.getOption(option)).as("%s", option).isEqualTo(options.get(option));
        }
        assertThat(config.setOption(ChannelOption.SO_BACKLOG, 3)).isFalse();
        assertThat(config.getOption(ChannelOption.SO_BACKLOG)).isNull();
    }

    @Test
    void typedSettersReachTheKernel() throws IOException {
        KQueueSocketChannelConfig same = config.setTcpNoDelay(false)
                .setKeepAlive(true)
                .setReuseAddress(true)
                .setSoLinger(3)
                .setTrafficClass(0x08)
                .setTcpKeepIdle(62)
                .setTcpKeepInterval(18)
                .setTcpKeepCount(6)
                .setTcpNoPush(true)
                .setAllowHalfClosure(true)
                .setTcpFastOpenConnect(true)
                .setPerformancePreferences(1, 2, 3)
                .setConnectTimeoutMillis(1)
                .setWriteSpinCount(2)
                .setAutoClose(false)
                .setWriteBufferWaterMark(WriteBufferWaterMark.DEFAULT)
                .setMessageSizeEstimator(DefaultMessageSizeEstimator.DEFAULT)
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(100));
        assertThat(same).isSameAs(config);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isZero();
        assertThat(socket.option(SocketOption.SO_KEEPALIVE)).isEqualTo(1);
        assertThat(socket.option(SocketOption.SO_REUSEADDR)).isEqualTo(1);
        assertThat(socket.option(SocketOption.SO_LINGER)).isEqualTo(3);
        assertThat(socket.option(SocketOption.IP_TOS)).isEqualTo(0x08);
        assertThat(socket.option(SocketOption.TCP_KEEPIDLE)).isEqualTo(62);
        assertThat(socket.option(SocketOption.TCP_KEEPINTVL)).isEqualTo(18);
        assertThat(socket.option(SocketOption.TCP_KEEPCNT)).isEqualTo(6);
        assertThat(socket.option(SocketOption.TCP_NOPUSH)).isEqualTo(1);
        assertThat(config.isTcpNoDelay()).isFalse();
        assertThat(config.isKeepAlive()).isTrue();
        assertThat(config.isReuseAddress()).isTrue();
        assertThat(config.getSoLinger()).isEqualTo(3);
        assertThat(config.getTrafficClass()).isEqualTo(0x08);
        assertThat(config.getTcpKeepIdle()).isEqualTo(62);
        assertThat(config.getTcpKeepInterval()).isEqualTo(18);
        assertThat(config.getTcpKeepCount()).isEqualTo(6);
        assertThat(config.isTcpNoPush()).isTrue();
        assertThat(config.getSndLowAt()).isPositive();
    }

    @Test
    void gettersTellWhatTheKernelHas() throws IOException {
        socket.setOption(SocketOption.TCP_NODELAY, 0);
        assertThat(config.isTcpNoDelay()).isFalse();
        config.setTcpNoDelay(false);
        config.setTcpNoDelay(true);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isEqualTo(1);
    }

    /** That no call is made is seen by changing the socket behind its config's back. */
    @Test
    void whatASocketHasFromTheStartIsFreeToAskFor() throws IOException {
        socket.setOption(SocketOption.TCP_NODELAY, 0);
        config.setTcpNoDelay(true);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isZero();
        // Any option by number may be this one.
        config.setOption(new IntegerUnixChannelOption("KEEP", constants.SOL_SOCKET(), constants.SO_KEEPALIVE()), 1);
        config.setTcpNoDelay(true);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isEqualTo(1);
    }

    @Test
    void optionsByNumber() throws IOException {
        IntegerUnixChannelOption keepAlive =
                new IntegerUnixChannelOption("KEEP", constants.SOL_SOCKET(), constants.SO_KEEPALIVE());
        assertThat(config.getOption(keepAlive)).isZero();
        assertThat(config.setOption(keepAlive, 1)).isTrue();
        assertThat(config.getOption(keepAlive)).isNotZero();
        assertThat(socket.option(SocketOption.SO_KEEPALIVE)).isEqualTo(1);

        RawUnixChannelOption linger =
                new RawUnixChannelOption("LINGER", constants.SOL_SOCKET(), constants.SO_LINGER(), 8);
        ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        value.putInt(0, 1).putInt(4, 9);
        assertThat(config.setOption(linger, value)).isTrue();
        assertThat(config.getSoLinger()).isEqualTo(9);
        ByteBuffer back = config.getOption(linger);
        assertThat(back.remaining()).isEqualTo(8);
        assertThat(back.order(ByteOrder.nativeOrder()).getInt(4)).isEqualTo(9);
    }

    @Test
    void whatTheKernelRefusesIsAChannelException() {
        IntegerUnixChannelOption nonsense = new IntegerUnixChannelOption("NONSENSE", constants.SOL_SOCKET(), 9999);
        assertThatThrownBy(() -> config.setOption(nonsense, 1))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(KQueueIoException.class);
        assertThatThrownBy(() -> config.getOption(nonsense)).isInstanceOf(ChannelException.class);
        assertThatThrownBy(() -> config.setTcpKeepIdle(-1))
                .isInstanceOf(ChannelException.class)
                .hasRootCauseMessage("setsockopt(..) failed: EINVAL (Invalid argument)");
    }

    @Test
    void aClosedChannelSaysSo() {
        close();
        assertThatThrownBy(() -> config.setTcpNoDelay(true))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(config::isKeepAlive)
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(config::getOptions).isInstanceOf(ChannelException.class);
        // These are no socket's.
        config.setAllowHalfClosure(true).setConnectTimeoutMillis(7);
        assertThat(config.isAllowHalfClosure()).isTrue();
    }

    @Test
    void otherThreadsMaySetOptions() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            other.submit(() -> config.setKeepAlive(true).setSoLinger(2)).get(60, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
        assertThat(config.isKeepAlive()).isTrue();
        assertThat(config.getSoLinger()).isEqualTo(2);
    }

    @SuppressWarnings("deprecation") // Handles that are not of the newer type are what is to be refused.
    @Test
    void receiveAllocatorHasToTakeAHint() {
        RecvByteBufAllocator plain =
                () -> new RecvByteBufAllocator.DelegatingHandle(new FixedRecvByteBufAllocator(10).newHandle()) {};
        assertThatThrownBy(() -> config.setRecvByteBufAllocator(plain)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.setOption(ChannelOption.RECVBUF_ALLOCATOR, plain))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @SuppressWarnings("deprecation") // Programs written for Netty's kqueue transport use it.
    @Test
    void optionOfNettysKqueueThatDoesNothing() {
        assertThat(config.getRcvAllocTransportProvidesGuess()).isFalse();
        survives(KQueueChannelOption.RCV_ALLOC_TRANSPORT_PROVIDES_GUESS, true);
        assertThat(config.setRcvAllocTransportProvidesGuess(false)).isSameAs(config);
    }

    @Test
    void gatheringStartsAtTwiceTheSendBuffer() throws IOException {
        config.setSendBufferSize(30_000);
        long limit = config.maxBytesPerGatheringWrite();
        assertThat(limit).isEqualTo(2L * config.getSendBufferSize());
        config.adjustMaxBytesPerGatheringWrite(limit, limit);
        assertThat(config.maxBytesPerGatheringWrite()).isEqualTo(2 * limit);
        config.setSendBufferSize(20_000);
        assertThat(config.maxBytesPerGatheringWrite()).isEqualTo(2L * config.getSendBufferSize());
        IntegerUnixChannelOption byNumber =
                new IntegerUnixChannelOption("SNDBUF", constants.SOL_SOCKET(), constants.SO_SNDBUF());
        config.setOption(byNumber, 40_000);
        assertThat(config.maxBytesPerGatheringWrite()).isEqualTo(2L * config.getSendBufferSize());
    }

    @Test
    void trafficClassOfAnIpv4Socket() {
        KQueueSocketChannel four = new KQueueSocketChannel(SocketProtocolFamily.INET);
        try {
            four.config().setTrafficClass(0x20);
            assertThat(four.config().getTrafficClass()).isEqualTo(0x20);
        } finally {
            four.unsafe().closeForcibly();
        }
    }
}
