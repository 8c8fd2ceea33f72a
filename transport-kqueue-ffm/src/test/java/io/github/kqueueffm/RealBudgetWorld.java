// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.RealBinding;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The running kernel. The peer is the JDK's sockets, whose calls are not counted. */
final class RealBudgetWorld extends BudgetWorld {

    private static final int MILLIS = 60_000;

    private final ServerSocket server;

    RealBudgetWorld() throws Exception {
        super(RealBinding.BINDING.syscalls(), RealBinding.BINDING.platform(), PooledByteBufAllocator.DEFAULT);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(MILLIS);
    }

    @Override
    Peer connect(Channel channel) throws Exception {
        return peer(
                new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) channel.localAddress()).getPort()));
    }

    private static Peer peer(Socket socket) throws Exception {
        socket.setSoTimeout(MILLIS);
        socket.setTcpNoDelay(true);
        return new Peer() {
            @Override
            public void send(int bytes) throws Exception {
                socket.getOutputStream().write(new byte[bytes]);
            }

            @Override
            public void receive(int bytes) throws Exception {
                if (socket.getInputStream().readNBytes(bytes).length != bytes) {
                    throw new AssertionError("the connection ended early");
                }
            }

            @Override
            public void close() throws Exception {
                socket.close();
            }
        };
    }

    @Override
    InetSocketAddress remote() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @Override
    Peer reachable(Channel channel) throws Exception {
        return peer(server.accept());
    }

    @Override
    DatagramPeer datagrams(Channel channel) throws Exception {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(MILLIS);
        return new DatagramPeer() {
            @Override
            public InetSocketAddress address() {
                return (InetSocketAddress) socket.getLocalSocketAddress();
            }

            @Override
            public void send(int datagrams, int bytes) throws Exception {
                for (int i = 0; i < datagrams; i++) {
                    socket.send(new DatagramPacket(new byte[bytes], bytes, channel.localAddress()));
                }
            }

            @Override
            public void receive(int datagrams) throws Exception {
                for (int i = 0; i < datagrams; i++) {
                    socket.receive(new DatagramPacket(new byte[2000], 2000));
                }
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    @Override
    public void close() throws Exception {
        super.close();
        server.close();
    }

    @Override
    public String toString() {
        return platform.id() + ", the running kernel";
    }
}
