// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.nio.NioIoHandler;
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
        return withoutNioOnBothEnds(combo(serverSocket(), clientSocketWithFastOpen()));
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

    /** Closes the channels that tests have left open. */
    void closeChannels() throws InterruptedException {
        bossGroup.closeChannels();
        nioGroup.closeChannels();
        workerGroup.closeChannels();
    }

    /** Both lists end with NIO, so the last pair is NIO with itself, which says nothing about our transport. */
    private static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> withoutNioOnBothEnds(
            List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> pairs) {
        return new ArrayList<>(pairs.subList(0, pairs.size() - 1));
    }
}
