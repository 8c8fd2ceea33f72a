// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeDatagramSocket;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.SocketKernel;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A BSD kernel in memory, with the ABI of any platform record. */
final class ScriptedBudgetWorld extends BudgetWorld {

    private final String name;
    private final SocketKernel kernel;

    ScriptedBudgetWorld(String name, Platform platform) {
        this(name, waiting(platform));
    }

    private ScriptedBudgetWorld(String name, SocketKernel kernel) {
        super(kernel, kernel.platform(), ScriptedChannels.ALLOCATOR);
        this.name = name;
        this.kernel = kernel;
    }

    private static SocketKernel waiting(Platform platform) {
        SocketKernel kernel = new SocketKernel(platform);
        kernel.waitForReal();
        return kernel;
    }

    private static int fd(Channel channel) {
        return ((UnixChannel) channel).fd().intValue();
    }

    @Override
    Peer connect(Channel server) {
        kernel.listenerAt(fd(server)).connections(1);
        return new FakePeer(null);
    }

    @Override
    InetSocketAddress remote() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4242);
    }

    @Override
    Peer reachable(Channel channel) {
        return new FakePeer(kernel.socketAt(fd(channel)).room(32768));
    }

    /** Bytes that are written to it go nowhere. */
    private final class FakePeer implements Peer {

        private @Nullable FakeSocket socket;

        FakePeer(@Nullable FakeSocket socket) {
            this.socket = socket;
        }

        private FakeSocket socket() {
            FakeSocket current = socket;
            if (current == null) {
                current = kernel.socketAt(kernel.lastAccepted());
                socket = current;
            }
            return current;
        }

        @Override
        public void send(int bytes) {
            socket().arrive(bytes);
        }

        @Override
        public void receive(int bytes) {
            // The number of bytes written is in the count of calls: one write takes them all.
        }

        @Override
        public void close() {
            socket().endOfFile();
        }
    }

    @Override
    DatagramPeer datagrams(Channel channel) {
        FakeDatagramSocket socket = kernel.datagramsAt(fd(channel));
        return new DatagramPeer() {
            @Override
            public InetSocketAddress address() {
                return remote();
            }

            @Override
            public void send(int datagrams, int bytes) {
                socket.arrive(datagrams, bytes);
            }

            @Override
            public void receive(int datagrams) {
                if (socket.sent() < datagrams) {
                    throw new AssertionError(socket.sent() + " datagrams were sent, not " + datagrams);
                }
            }

            @Override
            public void close() {}
        };
    }

    /** This kernel does nothing by itself. */
    @Override
    long idleMillis() {
        return 100;
    }

    @Override
    public String toString() {
        return name + ", in memory";
    }
}
