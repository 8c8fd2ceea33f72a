// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.unix;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueDomainDatagramChannel;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.PeerCredentials;
import io.github.kqueueffm.testsuite.support.DescriptorLeakCheck;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names of UNIX domain sockets: those that cannot be, those that nobody has, and what becomes of their files. */
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(60)
class KQueueUnixPathsTest {

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    private ChannelFuture bind(SocketAddress address) {
        return server().bind(address);
    }

    private ServerBootstrap server() {
        return new ServerBootstrap()
                .group(Transports.sharedGroup(Transports.KQUEUE))
                .channel(KQueueServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                accepted.add(ctx.channel());
                            }
                        });
                    }
                });
    }

    private static Bootstrap client() {
        return bootstrap().channel(KQueueDomainSocketChannel.class);
    }

    private static Bootstrap datagrams() {
        return bootstrap().channel(KQueueDomainDatagramChannel.class);
    }

    private static Bootstrap bootstrap() {
        return new Bootstrap().group(Transports.sharedGroup(Transports.KQUEUE)).handler(new Recorder());
    }

    private Channel accepted() throws InterruptedException {
        Channel channel = accepted.poll(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(channel).as("accepted").isNotNull();
        return channel;
    }

    private static Path file(DomainSocketAddress address) {
        return Path.of(address.path());
    }

    /** Kernels have room for 104 or 108 bytes; what is cut off would be somebody else's name. */
    @Test
    void tooLong() {
        DomainSocketAddress address = new DomainSocketAddress(SocketPaths.next().path() + "x".repeat(120));
        assertThatThrownBy(() -> sync(bind(address))).hasMessageContaining("too long");
        assertThatThrownBy(() -> sync(client().connect(address))).hasMessageContaining("too long");
        assertThatThrownBy(() -> sync(datagrams().bind(address))).hasMessageContaining("too long");
        assertThatThrownBy(() -> sync(datagrams().connect(address))).hasMessageContaining("too long");
        assertThat(Files.exists(file(address))).isFalse();
    }

    /** As long as it may be. */
    @Test
    void longest() throws Exception {
        String start = SocketPaths.next().path();
        DomainSocketAddress address = new DomainSocketAddress(start + "x".repeat(103 - start.length()));
        Channel listener = sync(bind(address));
        assertThat(listener.localAddress()).isEqualTo(address);
        Channel client = sync(client().connect(address));
        assertThat(client.remoteAddress()).isEqualTo(address);
        sync(client.close());
        sync(accepted().close());
        sync(listener.close());
    }

    @Test
    void notOfThisFamily() {
        SocketAddress inet = new InetSocketAddress("127.0.0.1", 9);
        assertThatThrownBy(() -> sync(bind(inet))).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> sync(client().connect(inet))).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> sync(datagrams().connect(inet))).isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    void inTheClassOfTheJdk() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        UnixDomainSocketAddress same = UnixDomainSocketAddress.of(address.path());
        Channel listener = sync(bind(same));
        assertThat(listener.localAddress()).isEqualTo(address);
        Channel client = sync(client().connect(same));
        assertThat(client.remoteAddress()).isEqualTo(address);
        sync(client.close());
        sync(accepted().close());
        sync(listener.close());
    }

    @Test
    void withoutAFile() {
        assertThatThrownBy(() -> sync(client().connect(SocketPaths.next()))).isInstanceOf(FileNotFoundException.class);
        DomainSocketAddress inNoFolder =
                new DomainSocketAddress(SocketPaths.next().path() + "/missing/s");
        assertThatThrownBy(() -> sync(bind(inNoFolder))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> sync(client().connect(inNoFolder))).isInstanceOf(FileNotFoundException.class);
    }

    /** Of a server that was killed: refused, and free for the next server. */
    @Test
    void withAFileThatNobodyHasOpen() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(address.path()));
        }
        assertThat(Files.exists(file(address))).isTrue();
        assertThatThrownBy(() -> sync(client().connect(address))).isInstanceOf(ConnectException.class);

        Channel listener = sync(bind(address));
        Channel client = sync(client().connect(address));
        sync(client.close());
        sync(accepted().close());
        sync(listener.close());
        assertThat(Files.exists(file(address))).isFalse();
    }

    @Test
    void inUse() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Channel listener = sync(bind(address));
        assertThatThrownBy(() -> sync(bind(address))).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> sync(datagrams().bind(address))).isInstanceOf(BindException.class);
        // The attempts have not taken the name from who has it.
        Channel client = sync(client().connect(address));
        sync(client.close());
        sync(accepted().close());
        sync(listener.close());

        Channel receiver = sync(datagrams().bind(address));
        assertThatThrownBy(() -> sync(datagrams().bind(address))).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> sync(bind(address))).isInstanceOf(BindException.class);
        sync(receiver.close());
    }

    /** Anything that is not a socket stays as it is. */
    @Test
    void somethingElse() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Files.writeString(file(address), "precious");
        assertThatThrownBy(() -> sync(bind(address))).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> sync(client().connect(address))).isInstanceOf(IOException.class);
        assertThat(Files.readString(file(address))).isEqualTo("precious");
    }

    @Test
    void theFileGoesWithTheListener() throws Exception {
        for (int i = 0; i < 3; i++) {
            DomainSocketAddress address = SocketPaths.next();
            Channel listener = sync(bind(address));
            assertThat(Files.exists(file(address))).isTrue();
            sync(listener.close());
            assertThat(Files.exists(file(address))).isFalse();
            sync(bind(address).channel().close());
        }
    }

    @Test
    void theFileThatHasTakenItsPlaceDoesNot() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Channel listener = sync(bind(address));
        Files.delete(file(address));
        Files.writeString(file(address), "precious");
        sync(listener.close());
        assertThat(Files.readString(file(address))).isEqualTo("precious");
    }

    @Test
    void ofTheEndsOfAConnection() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        DomainSocketAddress own = SocketPaths.next();
        Channel listener = sync(bind(address));
        assertThat(listener.localAddress()).isEqualTo(address);
        assertThat(listener.remoteAddress()).isNull();
        Channel client = sync(client().connect(address, own));
        Channel child = accepted();
        assertThat(client.localAddress()).isEqualTo(own);
        assertThat(client.remoteAddress()).isEqualTo(address);
        assertThat(child.localAddress()).isEqualTo(address);
        assertThat(child.remoteAddress()).isEqualTo(own);
        sync(client.close());
        sync(child.close());
        sync(listener.close());
        assertThat(client.remoteAddress()).isEqualTo(address);
        assertThat(child.remoteAddress()).isEqualTo(own);
    }

    /** unix(7): a name of Linux's abstract name space starts with a zero, has no file, and is free when its socket is closed. */
    @Test
    void abstractNames() throws Exception {
        assumeTrue(KQueue.platform().startsWith("linux"), "no abstract names here");
        DomainSocketAddress address =
                new DomainSocketAddress("\0kqueue" + SocketPaths.next().path());
        for (int i = 0; i < 2; i++) {
            Channel listener = sync(bind(address));
            assertThat(listener.localAddress()).isEqualTo(address);
            assertThatThrownBy(() -> sync(bind(address))).isInstanceOf(BindException.class);
            Channel client = sync(client().connect(address));
            assertThat(client.remoteAddress()).isEqualTo(address);
            assertThat(accepted().localAddress()).isEqualTo(address);
            sync(client.close());
            sync(listener.close());
        }
        assertThatThrownBy(() -> sync(client().connect(address))).isInstanceOf(ConnectException.class);
    }

    /** More clients than the backlog has room for: each is refused or let in, and none waits for ever. */
    @Test
    void aFullBacklog() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Channel listener = sync(server().option(ChannelOption.SO_BACKLOG, 1)
                .option(ChannelOption.AUTO_READ, false)
                .bind(address));
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            connects.add(
                    client().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5000).connect(address));
        }
        settle(listener);
        listener.config().setAutoRead(true);
        int connected = 0;
        for (ChannelFuture connect : connects) {
            assertThat(connect.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            if (connect.isSuccess()) {
                connected++;
                accepted();
            } else {
                assertThat(connect.cause()).isInstanceOf(IOException.class);
                assertThat(connect.channel().closeFuture().await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
        assertThat(connected).isPositive();
        for (ChannelFuture connect : connects) {
            sync(connect.channel().close());
        }
        sync(listener.close());
    }

    @Test
    void theListenerGoesWhileClientsWait() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Channel listener = sync(server().option(ChannelOption.AUTO_READ, false).bind(address));
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Recorder recorder = new Recorder();
            clients.add(recorder);
            Channel client = sync(client().handler(recorder).connect(address));
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
        }
        sync(listener.close());
        for (Recorder client : clients) {
            client.await(Event.UNREGISTERED);
        }
    }

    private static void settle(Channel channel) throws Exception {
        for (int i = 0; i < 2; i++) {
            channel.eventLoop().submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Both ends are this process. */
    @Test
    void whoThePeerIs() throws Exception {
        DomainSocketAddress address = SocketPaths.next();
        Channel listener = sync(bind(address));
        KQueueDomainSocketChannel client = (KQueueDomainSocketChannel) sync(client().connect(address));
        KQueueDomainSocketChannel child = (KQueueDomainSocketChannel) accepted();
        int user = (Integer) Files.getAttribute(SocketPaths.folder(), "unix:uid");
        for (KQueueDomainSocketChannel channel : new KQueueDomainSocketChannel[] {client, child}) {
            PeerCredentials peer = channel.peerCredentials();
            assertThat(peer.uid()).isEqualTo(user);
            assertThat(peer.gids()).isNotEmpty();
            // DragonFly and OpenBSD's older kernels tell no process; nobody has the number 0.
            assertThat(peer.pid()).isIn(0, (int) ProcessHandle.current().pid());
        }
        sync(client.close());
        assertThatThrownBy(client::peerCredentials).isInstanceOf(IOException.class);
        sync(child.close());
        sync(listener.close());
    }
}
