// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.unix;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueChannelOption;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.testsuite.support.KQueueUnixPairings;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.OpenDescriptors;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors that go from one process to another, here from one to itself: each is open in two places afterwards, and none is lost. */
class KQueueDescriptorPassingTest implements KQueueUnixPairings {

    @Override
    public List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, true),
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, false));
    }

    private static Link.Builder receiver(Pairing pairing, Recorder recorder) {
        return Link.on(pairing)
                .subjectOption(KQueueChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .subjectEvents(recorder);
    }

    /** Something to pass, closed by hand. */
    private static KQueueSocketChannel socket() {
        return new KQueueSocketChannel();
    }

    private static void close(KQueueSocketChannel socket) {
        socket.unsafe().closeForcibly();
    }

    /** A server hands its listener over and ends; its clients do not notice. */
    @ParameterizedTest
    @MethodSource("pairings")
    void aListener(Pairing pairing) throws Exception {
        ServerBootstrap server = new ServerBootstrap().group(Transports.sharedGroup(Transports.KQUEUE));
        KQueueServerSocketChannel old = (KQueueServerSocketChannel) sync(server.clone()
                .channel(KQueueServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(Link.loopback()));
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received).open()) {
            sync(link.peer().writeAndFlush(old.fd()));
            int fd = received.take();
            sync(old.close());
            Recorder accepted = new Recorder();
            Channel successor = sync(server.clone()
                    .channelFactory(() -> new KQueueServerSocketChannel(fd))
                    .childHandler(accepted)
                    .register());
            Channel client = sync(new Bootstrap()
                    .group(Transports.sharedGroup(Transports.NIO))
                    .channel(Transports.NIO.socketChannel())
                    .handler(new Recorder())
                    .connect(successor.localAddress()));
            sync(client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100])));
            accepted.awaitBytes(100);
            sync(client.close());
            accepted.await(Event.UNREGISTERED);
            sync(successor.close());
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void aConnection(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link passed = Link.open(new Pairing(Transports.KQUEUE, Transports.NIO, true));
                Link link = receiver(pairing, received).open()) {
            sync(link.peer().writeAndFlush(((KQueueSocketChannel) passed.subject()).fd()));
            int fd = received.take();
            sync(passed.subject().close());
            Recorder events = new Recorder();
            KQueueSocketChannel adopted = new KQueueSocketChannel(fd);
            adopted.pipeline().addLast(events);
            sync(Transports.sharedGroup(Transports.KQUEUE).register(adopted));
            assertThat(adopted.isActive()).isTrue();
            assertThat(adopted.remoteAddress()).isEqualTo(passed.tcpPeer().localAddress());
            sync(passed.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[50])));
            events.awaitBytes(50);
            sync(adopted.writeAndFlush(Unpooled.wrappedBuffer(new byte[60])));
            passed.peerEvents().awaitBytes(60);
            sync(adopted.close());
            passed.peerEvents().await(Event.INACTIVE);
        }
    }

    /** All in one flush, and more than one read takes. */
    @ParameterizedTest
    @MethodSource("pairings")
    void many(Pairing pairing) throws Exception {
        int count = 150;
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received).open()) {
            KQueueSocketChannel socket = socket();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                writes.add(link.peer().write(socket.fd()));
            }
            link.peer().flush();
            for (ChannelFuture write : writes) {
                sync(write);
            }
            List<FileDescriptor> descriptors = received.awaitDescriptors(count);
            assertThat(descriptors).hasSize(count).allMatch(FileDescriptor::isOpen);
            assertThat(descriptors.stream().map(FileDescriptor::intValue).collect(Collectors.toSet()))
                    .hasSize(count)
                    .doesNotContain(socket.fd().intValue());
            assertThat(received.exceptions()).isEmpty();
            close(socket);
        }
    }

    /** One that is not open fails alone. */
    @ParameterizedTest
    @MethodSource("pairings")
    void oneThatIsClosed(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received).open()) {
            KQueueSocketChannel open = socket();
            KQueueSocketChannel closed = socket();
            close(closed);
            ChannelFuture before = link.peer().write(open.fd());
            ChannelFuture failing = link.peer().write(closed.fd());
            ChannelFuture after = link.peer().write(open.fd());
            link.peer().flush();
            sync(before);
            assertThatThrownBy(() -> sync(failing)).isInstanceOf(IOException.class);
            sync(after);
            assertThat(received.awaitDescriptors(2)).hasSize(2);
            assertThat(link.peer().isActive()).isTrue();
            close(open);
        }
    }

    /** One byte comes with a descriptor; a reader of bytes has that, and the kernel closes the rest. */
    @ParameterizedTest
    @MethodSource("pairings")
    void toAReaderOfBytes(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = Link.on(pairing).subjectEvents(received).open()) {
            KQueueSocketChannel socket = socket();
            link.peer().write(Unpooled.wrappedBuffer(new byte[10]));
            link.peer().write(socket.fd());
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[20])));
            received.awaitBytes(31);
            close(socket);
            assertThat(received.descriptors()).isEmpty();
            assertThat(received.size()).isEqualTo(31);
            assertThat(received.exceptions()).isEmpty();
        }
    }

    /** The reader asks for bytes once it has the descriptor, which is how a protocol passes one now and then. */
    @ParameterizedTest
    @MethodSource("pairings")
    void betweenBytes(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder() {
                    @Override
                    void onDescriptor(ChannelHandlerContext ctx, FileDescriptor descriptor) {
                        ctx.channel()
                                .config()
                                .setOption(KQueueChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.BYTES);
                    }
                };
                Link link = receiver(pairing, received).open()) {
            KQueueSocketChannel socket = socket();
            for (int i = 1; i <= 10; i++) {
                link.peer().write(socket.fd());
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1000])));
                received.awaitDescriptors(i);
                received.awaitBytes(i * 1000);
                assertThat(received.size()).isEqualTo(i * 1000);
                link.subject()
                        .eventLoop()
                        .submit(() -> link.subject()
                                .config()
                                .setOption(
                                        KQueueChannelOption.DOMAIN_SOCKET_READ_MODE,
                                        DomainSocketReadMode.FILE_DESCRIPTORS))
                        .get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(received.exceptions()).isEmpty();
            close(socket);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void notReadUnlessAskedFor(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received)
                        .subjectOption(ChannelOption.AUTO_READ, false)
                        .subjectOption(ChannelOption.MAX_MESSAGES_PER_READ, 1)
                        .open()) {
            KQueueSocketChannel socket = socket();
            for (int i = 0; i < 5; i++) {
                sync(link.peer().writeAndFlush(socket.fd()));
            }
            close(socket);
            settle(link);
            assertThat(received.descriptors()).isEmpty();
            for (int i = 1; i <= 3; i++) {
                link.subject().read();
                received.awaitDescriptors(i);
                settle(link);
                assertThat(received.descriptors()).hasSize(i);
            }
            link.subject().config().setAutoRead(true);
            received.awaitDescriptors(5);
        }
    }

    /** Descriptors under way are open in nobody's table, and go with the connection. */
    @ParameterizedTest
    @MethodSource("pairings")
    void neverRead(Pairing pairing) throws Exception {
        KQueueSocketChannel socket = socket();
        OpenDescriptors before = OpenDescriptors.now();
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received)
                        .subjectOption(ChannelOption.AUTO_READ, false)
                        .open()) {
            for (int i = 0; i < 50; i++) {
                sync(link.peer().writeAndFlush(socket.fd()));
            }
            sync(link.subject().close());
            assertThat(received.descriptors()).isEmpty();
        }
        assertThat(OpenDescriptors.now().minus(before)).isEmpty();
        close(socket);
    }

    /** The handler closes the channel when it has the first of several. */
    @ParameterizedTest
    @MethodSource("pairings")
    void closedByTheFirst(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder() {
                    @Override
                    void onDescriptor(ChannelHandlerContext ctx, FileDescriptor descriptor) {
                        ctx.close();
                    }
                };
                Link link = receiver(pairing, received)
                        .subjectOption(ChannelOption.AUTO_READ, false)
                        .open()) {
            KQueueSocketChannel socket = socket();
            for (int i = 0; i < 5; i++) {
                sync(link.peer().writeAndFlush(socket.fd()));
            }
            link.subject().config().setAutoRead(true);
            received.await(Event.UNREGISTERED);
            assertThat(received.descriptors()).hasSize(1);
            assertThat(received.exceptions()).isEmpty();
            close(socket);
        }
    }

    /** The end of the stream is found by a reader of descriptors too, behind those that were sent. */
    @ParameterizedTest
    @MethodSource("pairings")
    void thenTheEnd(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link link = receiver(pairing, received).open()) {
            KQueueSocketChannel socket = socket();
            for (int i = 0; i < 3; i++) {
                sync(link.peer().writeAndFlush(socket.fd()));
            }
            close(socket);
            sync(link.peer().close());
            received.await(Event.UNREGISTERED);
            assertThat(received.descriptors()).hasSize(3);
            assertThat(received.exceptions()).isEmpty();
        }
    }

    /** One end of a connection goes through another connection of the same kind. */
    @ParameterizedTest
    @MethodSource("pairings")
    void anotherOfItsKind(Pairing pairing) throws Exception {
        try (DescriptorRecorder received = new DescriptorRecorder();
                Link passed = Link.open(pairing);
                Link link = receiver(pairing, received).open()) {
            sync(link.peer().writeAndFlush(((KQueueDomainSocketChannel) passed.subject()).fd()));
            int fd = received.take();
            sync(passed.subject().close());
            Recorder events = new Recorder();
            KQueueDomainSocketChannel adopted = new KQueueDomainSocketChannel(fd);
            adopted.pipeline().addLast(events);
            sync(Transports.sharedGroup(Transports.KQUEUE).register(adopted));
            sync(passed.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[50])));
            events.awaitBytes(50);
            sync(passed.peer().close());
            events.await(Event.UNREGISTERED);
        }
    }

    private static void settle(Link link) throws Exception {
        for (int i = 0; i < 2; i++) {
            link.subject().eventLoop().submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
