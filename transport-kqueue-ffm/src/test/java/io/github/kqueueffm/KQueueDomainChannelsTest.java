// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.socket.ControlMessages;
import io.github.kqueueffm.internal.socket.NativeDescriptor;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Channels of the UNIX domain on an event loop: what they do beyond bytes. */
@Timeout(120)
class KQueueDomainChannelsTest {

    private static final Binding BINDING = Availability.binding();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(group.next());
    private final BlockingQueue<KQueueDomainSocketChannel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    private Path file;
    private DomainSocketAddress address;

    /** What the accepted channels do with a message, before it is noted; event loop's thread. */
    private volatile Reaction reaction = (channel, message) -> {};

    private interface Reaction {
        void read(KQueueDomainSocketChannel channel, Object message);
    }

    @BeforeEach
    void name() {
        file = directory.resolve("s");
        address = new DomainSocketAddress(file.toString());
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        channels.close().sync();
        group.shutdownGracefully(0, 60, TimeUnit.SECONDS).sync();
        for (Object event : events) {
            ReferenceCountUtil.release(event);
        }
    }

    private final class Notes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (ctx.channel() instanceof KQueueDomainSocketChannel) {
                reaction.read((KQueueDomainSocketChannel) ctx.channel(), message);
            }
            events.add(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }
    }

    private ServerBootstrap server() {
        return new ServerBootstrap()
                .group(group)
                .channel(KQueueServerDomainSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                    }
                })
                .childHandler(new ChannelInitializer<KQueueDomainSocketChannel>() {
                    @Override
                    protected void initChannel(KQueueDomainSocketChannel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(new Notes());
                        accepted.add(channel);
                    }
                });
    }

    private Bootstrap client() {
        return new Bootstrap()
                .group(group)
                .channel(KQueueDomainSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                    }
                });
    }

    private Bootstrap datagrams() {
        return new Bootstrap()
                .group(group)
                .channel(KQueueDomainDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(new Notes());
                    }
                });
    }

    private KQueueDomainSocketChannel connect() throws InterruptedException {
        return (KQueueDomainSocketChannel) client().connect(address).sync().channel();
    }

    private KQueueDomainSocketChannel acceptedOne() throws InterruptedException {
        KQueueDomainSocketChannel channel = accepted.poll(60, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    private Object event() throws InterruptedException {
        Object event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    private NativeDescriptor descriptor() throws InterruptedException {
        Object event = event();
        assertThat(event).isInstanceOf(NativeDescriptor.class);
        return (NativeDescriptor) event;
    }

    private String text() throws InterruptedException {
        Object event = event();
        assertThat(event).isInstanceOf(ByteBuf.class);
        String text = ((ByteBuf) event).toString(StandardCharsets.UTF_8);
        ((ByteBuf) event).release();
        return text;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static boolean isOpen(int fd) {
        return BINDING.syscalls().fcntl(fd, BINDING.platform().file().F_GETFD(), 0) >= 0;
    }

    private static int[] pipe() {
        NativeMemory ends = NativeMemory.allocate(BINDING.syscalls(), 8);
        assertThat(BINDING.syscalls().pipe(ends.address())).isZero();
        return new int[] {ends.buffer().getInt(0), ends.buffer().getInt(4)};
    }

    private static void close(int... fds) {
        for (int fd : fds) {
            assertThat(BINDING.syscalls().close(fd)).isZero();
        }
    }

    @Test
    void descriptorsAreMessages() throws Exception {
        server().childOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .bind(address)
                .sync();
        KQueueDomainSocketChannel client = connect();
        int[] pipe = pipe();
        // More than one read of the event loop takes.
        int count = 40;
        ChannelFuture last = null;
        for (int i = 0; i < count; i++) {
            last = client.write(new FileDescriptor(pipe[0]));
        }
        client.flush();
        last.sync();
        for (int i = 0; i < count; i++) {
            NativeDescriptor received = descriptor();
            assertThat(isOpen(received.intValue())).isTrue();
            received.close();
            assertThat(received.isOpen()).isFalse();
        }
        assertThat(isOpen(pipe[0])).isTrue();
        // Between bytes they keep their place.
        KQueueDomainSocketChannel server = acceptedOne();
        server.config().setReadMode(DomainSocketReadMode.BYTES);
        reaction = (channel, message) -> channel.config()
                .setReadMode(
                        message instanceof ByteBuf
                                ? DomainSocketReadMode.FILE_DESCRIPTORS
                                : DomainSocketReadMode.BYTES);
        client.write(bytes("before"));
        client.flush();
        assertThat(text()).isEqualTo("before");
        client.write(new FileDescriptor(pipe[1]));
        client.write(bytes("after"));
        client.flush();
        descriptor().close();
        assertThat(text()).isEqualTo("after");
        close(pipe);
    }

    @Test
    void bytesWithoutDescriptorsAreDropped() throws Exception {
        server().childOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .bind(address)
                .sync();
        KQueueDomainSocketChannel client = connect();
        int[] pipe = pipe();
        client.write(bytes("nothing of this".repeat(10)));
        client.writeAndFlush(new FileDescriptor(pipe[0])).sync();
        descriptor().close();
        client.close().sync();
        acceptedOne().closeFuture().sync();
        assertThat(events).isEmpty();
        close(pipe);
    }

    /** The edge of the last bytes comes before anything is read, and Linux ends each read behind a descriptor. */
    @Test
    void bytesBehindDescriptorsAreRead() throws Exception {
        server().childOption(ChannelOption.AUTO_READ, false).bind(address).sync();
        NativeSocket client = NativeSocket.newStream(BINDING, SocketProtocolFamily.UNIX);
        assertThat(client.connect(address)).isTrue();
        int[] pipe = pipe();
        for (int i = 0; i < 5; i++) {
            ControlMessages.sendDescriptors(client, 10, pipe[1]);
            ControlMessages.sendDescriptors(client, 20, pipe[1]);
            ControlMessages.sendBytes(client, 30);
        }
        close(pipe[1]);
        acceptedOne().config().setAutoRead(true);
        int read = 0;
        while (read < 5 * 60) {
            read += text().length();
        }
        assertThat(read).isEqualTo(5 * 60);
        NativeMemory one = NativeMemory.allocate(BINDING.syscalls(), 1);
        assertThat(BINDING.syscalls().read(pipe[0], one.address(), 1))
                .as("all descriptors are closed: the pipe has come to its end")
                .isZero();
        close(pipe[0]);
        client.close();
    }

    @Test
    void theDescriptorsOfOneMessageWhoseFirstClosesTheChannel() throws Exception {
        server().childOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        reaction = (channel, message) -> channel.close();
        NativeSocket client = NativeSocket.newStream(BINDING, SocketProtocolFamily.UNIX);
        assertThat(client.connect(address)).isTrue();
        int[] pipe = pipe();
        ControlMessages.sendDescriptors(client, 1, pipe[1], pipe[1], pipe[1]);
        ControlMessages.sendDescriptors(client, 1, pipe[1]);
        close(pipe[1]);
        KQueueDomainSocketChannel server = acceptedOne();
        server.read();
        server.closeFuture().sync();
        descriptor().close();
        assertThat(events).isEmpty();
        // All others are closed, those in the kernel too: the pipe has come to its end.
        NativeMemory one = NativeMemory.allocate(BINDING.syscalls(), 1);
        assertThat(BINDING.syscalls().read(pipe[0], one.address(), 1)).isZero();
        close(pipe[0]);
        client.close();
    }

    @Test
    void aDescriptorThatIsNotOpenFailsAlone() throws Exception {
        server().bind(address).sync();
        KQueueDomainSocketChannel client = connect();
        ChannelFuture failed = client.write(new FileDescriptor(999_999));
        ChannelFuture sent = client.writeAndFlush(bytes("bytes")).await();
        assertThat(failed.cause()).isInstanceOf(IOException.class);
        assertThat(sent.isSuccess()).isTrue();
        assertThat(text()).isEqualTo("bytes");
        assertThat(client.writeAndFlush("text").await().cause()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(client.isActive()).isTrue();
    }

    @Test
    void addresses() throws Exception {
        Channel server = server().bind(address).sync().channel();
        assertThat(server.localAddress()).isEqualTo(address);
        assertThat(server.remoteAddress()).isNull();
        KQueueDomainSocketChannel unconnected = new KQueueDomainSocketChannel();
        assertThat(unconnected.localAddress()).isNull();
        assertThat(unconnected.remoteAddress()).isNull();
        unconnected.unsafe().closeForcibly();
        assertThat(unconnected.localAddress()).isNull();
        assertThat(unconnected.remoteAddress()).isNull();

        DomainSocketAddress unnamed = new DomainSocketAddress("");
        KQueueDomainSocketChannel client = connect();
        KQueueDomainSocketChannel child = acceptedOne();
        assertThat(child.localAddress()).isEqualTo(address);
        assertThat(child.remoteAddress()).isEqualTo(unnamed);
        client.close().sync();
        child.closeFuture().sync();
        assertThat(client.localAddress()).as("asked after the close").isEqualTo(unnamed);
        assertThat(client.remoteAddress()).isEqualTo(address);
        assertThat(child.localAddress()).isEqualTo(address);

        DomainSocketAddress own =
                new DomainSocketAddress(directory.resolve("own").toString());
        client = (KQueueDomainSocketChannel)
                client().connect(address, own).sync().channel();
        child = acceptedOne();
        assertThat(child.remoteAddress()).isEqualTo(own);
        client.close().sync();
        assertThat(client.localAddress()).as("asked after the close").isEqualTo(own);
        server.close().sync();
        assertThat(server.localAddress()).isEqualTo(address);
    }

    @Test
    void addressesOfTheJdkAreTakenAndToldInNettysClass() throws Exception {
        UnixDomainSocketAddress named = UnixDomainSocketAddress.of(file);
        Channel server = server().bind(named).sync().channel();
        assertThat(server.localAddress()).isEqualTo(address);
        KQueueDomainSocketChannel client =
                (KQueueDomainSocketChannel) client().connect(named).sync().channel();
        assertThat(client.remoteAddress()).isEqualTo(address);
        server.close().sync();
        Channel receiver = datagrams().bind(named).sync().channel();
        KQueueDomainDatagramChannel sender =
                (KQueueDomainDatagramChannel) datagrams().connect(named).sync().channel();
        assertThat(sender.remoteAddress()).isEqualTo(address);
        sender.writeAndFlush(new DefaultAddressedEnvelope<>(bytes("enveloped"), named))
                .sync();
        isPacket("enveloped", new DomainSocketAddress(""));
        receiver.close().sync();
    }

    @Test
    void anAdoptedSocketKnowsItsAddresses() throws Exception {
        server().bind(address).sync();
        NativeSocket socket = NativeSocket.newStream(BINDING, SocketProtocolFamily.UNIX);
        assertThat(socket.connect(address)).isTrue();
        KQueueDomainSocketChannel client = new KQueueDomainSocketChannel(socket.intValue());
        group.register(client).sync();
        assertThat(client.isActive()).isTrue();
        assertThat(client.remoteAddress()).isEqualTo(address);
        assertThat(client.localAddress()).isEqualTo(new DomainSocketAddress(""));
        client.close().sync();
    }

    @Test
    void onlySocketsOfTheUnixDomainAreAdopted() throws IOException {
        NativeSocket tcp = NativeSocket.newStream(BINDING, SocketProtocolFamily.INET);
        int fd = tcp.intValue();
        assertThatThrownBy(() -> new KQueueDomainSocketChannel(fd))
                .isInstanceOf(ChannelException.class)
                .hasMessage("the descriptor " + fd + " is not a socket of the UNIX domain");
        assertThatThrownBy(() -> new KQueueServerDomainSocketChannel(fd)).isInstanceOf(ChannelException.class);
        assertThatThrownBy(() -> new KQueueDomainDatagramChannel(fd)).isInstanceOf(ChannelException.class);
        assertThat(isOpen(fd)).isTrue();
        tcp.close();
    }

    @Test
    void theSocketFileGoesWithItsServer() throws Exception {
        Channel server = server().option(ChannelOption.TCP_FASTOPEN, 3)
                .bind(address)
                .sync()
                .channel();
        assertThat(file).exists();
        ChannelFuture second = server().bind(address).await();
        assertThat(second.cause()).isInstanceOf(BindException.class).hasMessage("Address already in use: " + file);
        second.channel().closeFuture().sync();
        assertThat(file).as("not the file of the one that failed").exists();
        server.close().sync();
        assertThat(file).doesNotExist();

        server = server().bind(address).sync().channel();
        Files.delete(file);
        Files.writeString(file, "precious");
        server.close().sync();
        assertThat(file).hasContent("precious");
    }

    @Test
    void theFileOfAnAdoptedServerStays() throws Exception {
        NativeSocket socket = NativeSocket.newStream(BINDING, SocketProtocolFamily.UNIX);
        socket.bind(address);
        socket.listen(1);
        KQueueServerDomainSocketChannel server = new KQueueServerDomainSocketChannel(socket.intValue());
        group.register(server).sync();
        assertThat(server.localAddress()).isEqualTo(address);
        server.close().sync();
        assertThat(file).exists();
    }

    @Test
    void thePeerIsThisProcess() throws Exception {
        server().bind(address).sync();
        PeerCredentials credentials = connect().peerCredentials();
        assertThat(credentials.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(credentials.gids()).isNotEmpty().isNotSameAs(credentials.gids());
        assertThat(credentials)
                .hasToString("PeerCredentials[pid=" + credentials.pid() + ", uid=" + credentials.uid() + ", gids="
                        + java.util.Arrays.toString(credentials.gids()) + "]");
        assertThat(acceptedOne().peerCredentials().uid()).isEqualTo(credentials.uid());
    }

    @Test
    void datagramsHaveASender() throws Exception {
        KQueueDomainDatagramChannel receiver =
                (KQueueDomainDatagramChannel) datagrams().bind(address).sync().channel();
        DomainSocketAddress own =
                new DomainSocketAddress(directory.resolve("own").toString());
        Channel named = datagrams().bind(own).sync().channel();
        named.writeAndFlush(new DomainDatagramPacket(bytes("named"), address)).sync();
        isPacket("named", own);
        KQueueDomainDatagramChannel connected = (KQueueDomainDatagramChannel)
                datagrams().connect(address).sync().channel();
        assertThat(connected.isConnected()).isTrue();
        assertThat(connected.remoteAddress()).isEqualTo(address);
        assertThat(connected.localAddress()).isNull();
        connected.writeAndFlush(bytes("unnamed")).sync();
        isPacket("unnamed", new DomainSocketAddress(""));
        connected.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
        isPacket("", new DomainSocketAddress(""));
        connected.disconnect().sync();
        assertThat(connected.isConnected()).isFalse();
        assertThat(connected.isOpen()).isTrue();
        assertThat(connected.writeAndFlush(bytes("x")).await().cause())
                .isInstanceOf(java.nio.channels.NotYetConnectedException.class);
        DomainSocketAddress nobody =
                new DomainSocketAddress(directory.resolve("nobody").toString());
        assertThat(connected
                        .writeAndFlush(new DomainDatagramPacket(bytes("x"), nobody))
                        .await()
                        .cause())
                .isInstanceOf(java.io.FileNotFoundException.class);
        receiver.close().sync();
        assertThat(file).as("as with Netty's own transports").exists();
    }

    private void isPacket(String text, DomainSocketAddress sender) throws InterruptedException {
        Object event = event();
        assertThat(event).isInstanceOf(DomainDatagramPacket.class);
        DomainDatagramPacket packet = (DomainDatagramPacket) event;
        assertThat(packet.content().toString(StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(packet.sender()).isEqualTo(sender);
        assertThat(packet.recipient()).isEqualTo(address);
        packet.release();
    }

    /** Nothing that the kernel tells this sender changes when others' datagrams are taken out of the queue. */
    @Test
    void aReceiverThatOthersHaveFilledIsTriedAgain() throws Exception {
        assumeTrue(
                BINDING.platform().traits().abstractUnixNames(),
                "elsewhere such a datagram fails with ENOBUFS at once");
        NativeSocket receiver = NativeSocket.newDatagram(BINDING, SocketProtocolFamily.UNIX);
        receiver.bind(address);
        NativeSocket other = NativeSocket.newDatagram(BINDING, SocketProtocolFamily.UNIX);
        assertThat(other.connect(address)).isTrue();
        NativeMemory memory = NativeMemory.allocate(BINDING.syscalls(), 16);
        int sent = 0;
        int result = other.write(memory.address(), 1);
        while (result == 1) {
            sent++;
            result = other.write(memory.address(), 1);
        }
        assertThat(result).isEqualTo(-BINDING.platform().errno().EAGAIN());
        assertThat(sent).isPositive();
        KQueueDomainDatagramChannel channel = new KQueueDomainDatagramChannel();
        channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
        group.register(channel).sync();
        ChannelFuture first = channel.write(new DomainDatagramPacket(bytes("one"), address));
        ChannelFuture second = channel.writeAndFlush(new DomainDatagramPacket(bytes("two"), address));
        assertThat(first.await(50)).as("there is no room").isFalse();
        for (int i = 0; i < sent; i++) {
            assertThat(receiver.read(memory.address(), 16)).isEqualTo(1);
        }
        second.sync();
        assertThat(first.isSuccess()).isTrue();
        assertThat(receiver.read(memory.address(), 16)).isEqualTo(3);
        // The channel is usable at once for others.
        assertThat(channel.writeAndFlush(new DomainDatagramPacket(bytes("three"), address))
                        .await()
                        .isSuccess())
                .isTrue();
        channel.close().sync();
        other.close();
        receiver.close();
    }
}
