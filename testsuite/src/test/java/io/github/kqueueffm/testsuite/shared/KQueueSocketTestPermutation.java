// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueDatagramChannel;
import io.github.kqueueffm.KQueueDomainDatagramChannel;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import java.util.ArrayList;
import java.util.List;

/** The pairs of server and client that the shared suite runs every test with: all that have our transport at an end. */
final class KQueueSocketTestPermutation extends SocketTestPermutation {

    static final KQueueSocketTestPermutation INSTANCE = new KQueueSocketTestPermutation();

    private final TrackingGroup bossGroup = new TrackingGroup(1, "testsuite-kqueue-boss", KQueueIoHandler.newFactory());

    private final TrackingGroup workerGroup =
            new TrackingGroup(NUM_THREADS, "testsuite-kqueue", KQueueIoHandler.newFactory());

    /** In place of the suite's NIO group, which does not tell what is open. */
    private final TrackingGroup nioGroup = new TrackingGroup(NUM_THREADS, "testsuite-nio", NioIoHandler.newFactory());

    private KQueueSocketTestPermutation() {}

    @Override
    public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
        return withoutNioOnBothEnds(combo(serverSocket(), clientSocket()));
    }

    @Override
    public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socketWithFastOpen() {
        return withoutNioOnBothEnds(combo(serverSocketWithFastOpen(), clientSocketWithFastOpen()));
    }

    @Override
    public List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagram(SocketProtocolFamily family) {
        List<BootstrapFactory<Bootstrap>> ends = List.of(
                () -> new Bootstrap().group(workerGroup).channelFactory(() -> new KQueueDatagramChannel(family)),
                () -> new Bootstrap().group(nioGroup).channelFactory(() -> new NioDatagramChannel(family)));
        return withoutNioOnBothEnds(combo(ends, ends));
    }

    /** Ours on both ends: the addresses of NIO's UNIX domain sockets are of another class. */
    List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> domainSocket() {
        return combo(serverDomainSocket(), clientDomainSocket());
    }

    List<BootstrapComboFactory<Bootstrap, Bootstrap>> domainDatagram() {
        return combo(domainDatagramSocket(), domainDatagramSocket());
    }

    @Override
    public List<BootstrapFactory<ServerBootstrap>> serverSocket() {
        return List.of(
                () -> new ServerBootstrap().group(bossGroup, workerGroup).channel(KQueueServerSocketChannel.class),
                () -> new ServerBootstrap().group(nioGroup).channel(NioServerSocketChannel.class));
    }

    @Override
    public List<BootstrapFactory<Bootstrap>> clientSocket() {
        return List.of(
                () -> new Bootstrap().group(workerGroup).channel(KQueueSocketChannel.class),
                () -> new Bootstrap().group(nioGroup).channel(NioSocketChannel.class));
    }

    /** Our own client once more, sending its first bytes with the SYN where the system lets it. */
    @Override
    public List<BootstrapFactory<Bootstrap>> clientSocketWithFastOpen() {
        List<BootstrapFactory<Bootstrap>> clients = new ArrayList<>();
        if (KQueue.isTcpFastOpenClientSideAvailable()) {
            clients.add(() -> new Bootstrap()
                    .group(workerGroup)
                    .channel(KQueueSocketChannel.class)
                    .option(ChannelOption.TCP_FASTOPEN_CONNECT, true));
        }
        clients.addAll(clientSocket());
        return clients;
    }

    private List<BootstrapFactory<ServerBootstrap>> serverSocketWithFastOpen() {
        List<BootstrapFactory<ServerBootstrap>> servers = new ArrayList<>();
        if (KQueue.isTcpFastOpenServerSideAvailable()) {
            servers.add(() -> new ServerBootstrap()
                    .group(bossGroup, workerGroup)
                    .channel(KQueueServerSocketChannel.class)
                    .option(ChannelOption.TCP_FASTOPEN, 16));
        }
        servers.addAll(serverSocket());
        return servers;
    }

    @Override
    public List<BootstrapFactory<Bootstrap>> datagramSocket() {
        return List.of(() -> new Bootstrap().group(workerGroup).channel(KQueueDatagramChannel.class));
    }

    List<BootstrapFactory<ServerBootstrap>> serverDomainSocket() {
        return List.of(() ->
                new ServerBootstrap().group(bossGroup, workerGroup).channel(KQueueServerDomainSocketChannel.class));
    }

    List<BootstrapFactory<Bootstrap>> clientDomainSocket() {
        return List.of(() -> new Bootstrap().group(workerGroup).channel(KQueueDomainSocketChannel.class));
    }

    List<BootstrapFactory<Bootstrap>> domainDatagramSocket() {
        return List.of(() -> new Bootstrap().group(workerGroup).channel(KQueueDomainDatagramChannel.class));
    }

    /** Closes the channels that tests have left open. */
    void closeChannels() throws InterruptedException {
        bossGroup.closeChannels();
        nioGroup.closeChannels();
        workerGroup.closeChannels();
    }

    /** Both lists end with NIO, so the last pair is NIO with itself, which says nothing about our transport. */
    private static <A extends AbstractBootstrap<?, ?>, B extends AbstractBootstrap<?, ?>>
            List<BootstrapComboFactory<A, B>> withoutNioOnBothEnds(List<BootstrapComboFactory<A, B>> pairs) {
        return new ArrayList<>(pairs.subList(0, pairs.size() - 1));
    }
}
