// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.BudgetWorld.DatagramPeer;
import io.github.kqueueffm.BudgetWorld.Peer;
import io.github.kqueueffm.BudgetWorld.Spent;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.testing.Records;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exact number of system calls, changes and events that an event loop spends, on the running kernel and on a kernel in memory
 * with the ABI of each kqueue that there is a record of. A failure shows the calls by name.
 */
@ParameterizedClass
@MethodSource("kernels")
@Timeout(120)
class CallBudgetTest {

    private static final int BURST = 100;

    /** Connections that a listener accepts in one turn: Netty's default for server channels. */
    private static final int ACCEPTS_PER_TURN = 16;

    private static final int BYTES = 64;

    interface Kernel {
        BudgetWorld open() throws Exception;
    }

    private final BudgetWorld world;
    private final List<Channel> accepted = new ArrayList<>();
    private volatile CountDownLatch arrivals = new CountDownLatch(0);

    CallBudgetTest(Kernel kernel) throws Exception {
        world = kernel.open();
    }

    static Stream<Kernel> kernels() {
        Kernel running = new Kernel() {
            @Override
            public BudgetWorld open() throws Exception {
                return new RealBudgetWorld();
            }

            @Override
            public String toString() {
                return "the running kernel";
            }
        };
        Stream<Kernel> recorded = TestPlatforms.ids().stream()
                .map(TestPlatforms::named)
                .filter(platform -> platform.symbol(CFunction.KQUEUE) != null)
                .flatMap(CallBudgetTest::variants);
        return Stream.concat(Stream.of(running), recorded);
    }

    private static Stream<Kernel> variants(Platform platform) {
        Kernel plain = inMemory(platform.id(), platform);
        return platform.traits().acceptInheritsNonblock()
                ? Stream.of(plain, inMemory(platform.id() + " without accept4 and SOCK_NONBLOCK", withFcntl(platform)))
                : Stream.of(plain);
    }

    private static Kernel inMemory(String name, Platform platform) {
        return new Kernel() {
            @Override
            public BudgetWorld open() {
                return new ScriptedBudgetWorld(name, platform);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    /** What macOS is like. */
    private static Platform withFcntl(Platform platform) {
        Map<CFunction, String> symbols = new EnumMap<>(platform.symbols());
        symbols.remove(CFunction.ACCEPT4);
        symbols.remove(CFunction.PACCEPT);
        return Records.with(
                Records.with(
                        platform,
                        "socket",
                        Records.with(
                                Records.with(platform.socket(), "SOCK_NONBLOCK", Platform.ABSENT),
                                "SOCK_CLOEXEC",
                                Platform.ABSENT)),
                "symbols",
                Map.copyOf(symbols));
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    // What is expected

    /** Calls by name, {@code null} values and zeros left out. */
    private static final class Calls {
        private final Map<String, Long> map = new TreeMap<>();

        Calls and(String name, long count) {
            if (count != 0) {
                map.merge(name, count, Long::sum);
            }
            return this;
        }
    }

    private Calls waits(long count) {
        return new Calls().and(world.waitCall(), count);
    }

    private void assertSpent(Spent spent, Calls calls, long changes, long events) {
        String table = world + " spent " + spent.table();
        assertThat(spent.calls()).as(table).isEqualTo(calls.map);
        assertThat(spent.metrics().changes()).as(table).isEqualTo(changes);
        assertThat(spent.metrics().events()).as(table).isEqualTo(events);
        // EVFILT_USER is triggered by a kevent of its own; a pipe, which can be asked for, by a write.
        boolean user = !"pipe".equals(System.getProperty(Availability.WAKER_PROPERTY));
        long triggers = world.isKqueue() && user ? spent.metrics().wakeups() : 0;
        assertThat(spent.metrics().waits() + spent.metrics().flushes() + triggers)
                .as(table)
                .isEqualTo(calls.map.getOrDefault(world.waitCall(), 0L));
    }

    private void assertWithin(Spent spent, int kqueue, int epoll) {
        assertThat(spent.total())
                .as(world + " spent " + spent.table())
                .isLessThanOrEqualTo(world.isKqueue() ? kqueue : epoll);
    }

    /** Accepting {@code count} connections, without the waits. */
    private Calls accepts(Calls calls, int count) {
        Platform platform = world.platform;
        boolean flags = Platform.has(platform.socket().SOCK_NONBLOCK());
        CFunction way = flags && world.binding.syscalls().has(CFunction.ACCEPT4)
                ? CFunction.ACCEPT4
                : flags && world.binding.syscalls().has(CFunction.PACCEPT) ? CFunction.PACCEPT : CFunction.ACCEPT;
        calls.and(way.name().toLowerCase(Locale.ROOT), count);
        if (way == CFunction.ACCEPT) {
            calls.and("fcntl", platform.traits().acceptInheritsNonblock() ? count : 2 * count);
        }
        return calls;
    }

    // What is measured

    private Channel listen(Handler handler) throws Exception {
        Channel server = new ServerBootstrap()
                .group(world.group)
                .channelFactory(() -> new KQueueServerSocketChannel(stream(), false))
                .option(ChannelOption.SO_BACKLOG, 2 * BURST)
                .childOption(ChannelOption.ALLOCATOR, world.allocator)
                // As most servers ask for; it is what the listener hands down.
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        accepted.add(child);
                        arrivals.countDown();
                        child.pipeline().addLast(handler);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        // Until the filter of the listener is in the kernel.
        world.onLoop(() -> {});
        return server;
    }

    private NativeSocket stream() {
        try {
            return NativeSocket.newStream(world.binding, SocketProtocolFamily.INET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first connection of a listener is asked for what it has inherited. */
    private void firstConnection(Channel server) throws Exception {
        Peer[] first = new Peer[1];
        world.step(() -> first[0] = world.connect(server));
        world.step(first[0]::close);
    }

    private Peer connected(Channel server) throws Exception {
        firstConnection(server);
        Peer[] peer = new Peer[1];
        world.step(() -> peer[0] = world.connect(server));
        return peer[0];
    }

    /** One for all connections of a listener. */
    @Sharable
    private static class Handler extends ChannelInboundHandlerAdapter {}

    private static final class Echo extends Handler {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message, ctx.voidPromise());
        }
    }

    @Test
    void anAcceptedShortConnection() throws Exception {
        Channel server = listen(new Echo());
        firstConnection(server);
        world.start();
        Peer[] peer = new Peer[1];
        world.step(() -> peer[0] = world.connect(server));
        world.step(() -> {
            peer[0].send(BYTES);
            peer[0].receive(BYTES);
        });
        world.step(peer[0]::close);
        Spent spent = world.spent();

        Calls calls = accepts(waits(3), 1).and("read", 1).and("write", 1).and("close", 1);
        if (!world.isKqueue()) {
            // The registration, and FIONREAD: whether data is left before the end.
            calls.and("epoll_ctl", 1).and("ioctl", 1);
        }
        // The connection, the request, the end.
        assertSpent(spent, calls, 1, 3);
        assertWithin(spent, 8, 9);
        assertThat(spent.metrics().savedReads())
                .as("EAGAIN after the request, 0 at the end")
                .isEqualTo(2);
        assertThat(spent.metrics().savedAccepts()).isEqualTo(1);
        assertThat(spent.metrics().eagains()).isZero();
        assertThat(accepted.get(1).isOpen()).isFalse();
    }

    @Test
    void echoRoundTrips() throws Exception {
        Peer peer = connected(listen(new Echo()));
        world.start();
        for (int i = 0; i < BURST; i++) {
            world.step(() -> {
                peer.send(BYTES);
                peer.receive(BYTES);
            });
        }
        Spent spent = world.spent();
        assertSpent(spent, waits(BURST).and("read", BURST).and("write", BURST), 0, BURST);
        assertWithin(spent, 3 * BURST, 3 * BURST);
        assertThat(spent.metrics().savedReads()).isEqualTo(BURST);
    }

    @Test
    void autoReadOffAndOn() throws Exception {
        Peer peer = connected(listen(new Handler() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
                for (int i = 0; i < BURST; i++) {
                    ctx.channel().config().setAutoRead(false);
                    ctx.channel().config().setAutoRead(true);
                }
            }
        }));
        world.start();
        world.step(() -> peer.send(BYTES));
        // Being told and reading is all that was spent.
        assertSpent(world.spent(), waits(1).and("read", 1), 0, 1);
    }

    @Test
    void autoReadOffInOneTurnAndOnInALaterOne() throws Exception {
        Peer peer = connected(listen(new Echo()));
        Channel child = accepted.get(1);
        world.start();
        world.onLoop(() -> {});
        Spent task = world.spent();
        world.start();
        world.onLoop(() -> child.config().setAutoRead(false));
        assertSpent(world.spent(), as(task), 0, 1);
        world.start();
        world.onLoop(() -> child.config().setAutoRead(true));
        assertSpent(world.spent(), as(task), 0, 1);
        // And it reads again.
        world.start();
        world.step(() -> {
            peer.send(BYTES);
            peer.receive(BYTES);
        });
        assertSpent(world.spent(), waits(1).and("read", 1).and("write", 1), 0, 1);
    }

    private static Calls as(Spent spent) {
        Calls calls = new Calls();
        spent.calls().forEach(calls::and);
        return calls;
    }

    @Test
    void anOutboundConnectWithOptions() throws Exception {
        InetSocketAddress remote = world.remote();
        Channel[] channel = new Channel[1];
        CountDownLatch active = new CountDownLatch(1);
        world.start();
        world.onLoop(() -> {
            // Without the task's own calls, and its wakeup.
            world.start();
            channel[0] = new Bootstrap()
                    .group(world.group)
                    .channelFactory(() -> new KQueueSocketChannel(stream(), false))
                    .option(ChannelOption.ALLOCATOR, world.allocator)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            active.countDown();
                        }
                    })
                    .connect(remote)
                    .channel();
        });
        world.reachable(channel[0]);
        world.until(active);
        Spent spent = world.spent();

        Calls calls = new Calls().and("socket", 1).and("connect", 1).and("setsockopt", 1);
        if (!Platform.has(world.platform.socket().SOCK_NONBLOCK())) {
            calls.and("fcntl", 2);
        }
        if (world.isKqueue()) {
            // The wait that brings the result, and the one that then sends the READ filter and is going on.
            calls.and(world.waitCall(), 2);
        } else {
            calls.and(world.waitCall(), 2).and("epoll_ctl", 1);
        }
        // WRITE for the connect, READ from then on.
        assertSpent(spent, calls, 2, 1);
        if (Platform.has(world.platform.socket().SOCK_NONBLOCK())) {
            assertWithin(spent, 5, 6);
        }
    }

    @Test
    void aBurstOfConnections() throws Exception {
        Channel server = listen(new Echo());
        firstConnection(server);
        accepted.clear();
        arrivals = new CountDownLatch(BURST);
        List<Peer> peers = new ArrayList<>();
        world.group.next().submit(() -> {
            // While the event loop is here, all of them come.
            for (int i = 0; i < BURST; i++) {
                peers.add(world.connect(server));
            }
            world.start();
            return null;
        });
        world.until(arrivals);
        Spent spent = world.spent();
        // The first wait of epoll says only that there is somebody.
        int first = world.isKqueue() ? 0 : 1;
        int full = (BURST - first + ACCEPTS_PER_TURN - 1) / ACCEPTS_PER_TURN;
        int turns = first + full;
        // One wait for each turn that accepts, and the one that sends the filters of the last.
        Calls calls = accepts(waits(turns + 1), BURST);
        if (!world.isKqueue()) {
            // TCP_INFO for the length of the queue, and once whether there is one.
            calls.and("epoll_ctl", BURST).and("getsockopt", full).and("ioctl", 1);
        }
        assertThat(peers).hasSize(BURST);
        assertSpent(spent, calls, BURST, turns);
        assertThat(spent.metrics().eagains()).isZero();
    }

    /** Sends each datagram back to its sender, all of one read in one write. */
    private static final class DatagramEcho extends ChannelInboundHandlerAdapter {

        private CountDownLatch left = new CountDownLatch(0);

        void expect(int count) {
            left = new CountDownLatch(count);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            ctx.write(new DatagramPacket(packet.content(), packet.sender()), ctx.voidPromise());
            left.countDown();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    @Test
    void datagrams() throws Exception {
        DatagramEcho echo = new DatagramEcho();
        Channel channel = new Bootstrap()
                .group(world.group)
                .channelFactory(() -> new KQueueDatagramChannel(datagramSocket(), false))
                .option(ChannelOption.ALLOCATOR, world.allocator)
                .handler(echo)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        world.onLoop(() -> {});
        try (DatagramPeer peer = world.datagrams(channel)) {
            // The first asks the kernel for the socket's address.
            echoed(peer, echo, 1);
            assertDatagrams(echoed(peer, echo, 1), 1, 1);
            // 1, 4, and as many as a turn takes; without an amount to go by 2, 8, and one that finds nothing.
            assertDatagrams(echoed(peer, echo, 10), 10, 3);
            // As many as the last time.
            assertDatagrams(echoed(peer, echo, 10), 10, 1);
        }
    }

    /** @param batches calls of recvmmsg where there is one */
    private void assertDatagrams(Spent spent, int count, int batches) {
        Calls calls = datagramWaits();
        boolean exact = exact();
        boolean first = count > 1 && batches > 1;
        long eagains = 0;
        if (!has(CFunction.RECVMMSG)) {
            // Without an amount to go by, only EAGAIN tells that this was all.
            eagains = exact ? 0 : 1;
            calls.and("recvmsg", count + eagains);
        } else if (exact) {
            // A batch of one is none.
            boolean single = count == 1 || first;
            calls.and("recvmsg", single ? 1 : 0).and("recvmmsg", single ? batches - 1 : batches);
            if (first && world.platform.traits().batchErrorSticks()) {
                calls.and("getsockopt", 1);
            }
        } else {
            eagains = first ? 1 : 0;
            calls.and("recvmmsg", batches);
        }
        if (count > 1 && has(CFunction.SENDMMSG)) {
            calls.and("sendmmsg", 1);
        } else {
            calls.and("sendmsg", count);
        }
        assertSpent(spent, calls, 0, 1);
        assertThat(spent.metrics().eagains()).isEqualTo(eagains);
        assertThat(spent.metrics().savedReads()).isEqualTo(1 - eagains);
    }

    /** The amount that the filter tells is enough to know when all was read. */
    private boolean exact() {
        return world.platform.traits().datagramAvailableCountsAddress();
    }

    private boolean has(CFunction function) {
        return world.binding.syscalls().has(function);
    }
    /** The wait that tells of the datagrams, and the next one. */
    private Calls datagramWaits() {
        return waits(2);
    }

    /** What a burst of datagrams costs that all come while the event loop is busy. */
    private Spent echoed(DatagramPeer peer, DatagramEcho echo, int count) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        echo.expect(count);
        world.group.next().submit(() -> {
            peer.send(count, BYTES);
            world.start();
            sent.countDown();
            return null;
        });
        assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
        world.until(echo.left);
        peer.receive(count);
        return world.spent();
    }

    private NativeSocket datagramSocket() {
        try {
            return NativeSocket.newDatagram(world.binding, SocketProtocolFamily.INET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anIdleSecond() throws Exception {
        connected(listen(new Echo()));
        world.start();
        // What is measured is time that passes without anything to do.
        TimeUnit.MILLISECONDS.sleep(world.idleMillis());
        Spent spent = world.spent();
        assertSpent(spent, new Calls(), 0, 0);
        assertThat(spent.metrics().wakeups()).isZero();
    }

    @Test
    void aCloseWithChangesOnTheirWay() throws Exception {
        Channel server = listen(new Handler() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                if (accepted.size() > 1) {
                    ctx.close();
                }
            }
        });
        firstConnection(server);
        world.start();
        world.step(() -> world.connect(server));
        Spent spent = world.spent();
        assertSpent(spent, accepts(waits(1), 1).and("close", 1), 0, 1);
        assertThat(spent.metrics().coalescedChanges()).as("the READ filter").isEqualTo(1);
        assertThat(spent.metrics().errors()).isZero();
    }
}
