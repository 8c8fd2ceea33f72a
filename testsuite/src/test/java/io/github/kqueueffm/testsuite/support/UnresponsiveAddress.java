// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A loopback address that never answers a connection attempt: a listener that accepts nothing and whose backlog is
 * full, so that the kernel drops every further SYN.
 *
 * <p>The shared suite connects to an address of TEST-NET-2 (RFC 5737) for this, which needs a network that drops such
 * packets; a machine without a network refuses at once, and one behind a transparent proxy accepts. As an extension
 * this class points the suite here, and has to do so before the suite reads the property, that is before its
 * {@code SocketTestPermutation} is initialised.
 */
public final class UnresponsiveAddress implements BeforeAllCallback {

    /** Long for a loopback handshake, short for a test that waits for it to not happen. */
    private static final int HANDSHAKE_MILLIS = 300;

    /** More than any kernel lets into a backlog of one (Linux: 2, BSD: 1.5 times the backlog, plus one). */
    private static final int MAX_FILLERS = 16;

    /** The address; the same for the life of the JVM. */
    public static InetSocketAddress get() {
        return Listener.INSTANCE.address;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        System.setProperty("io.netty.testsuite.badHost", get().getAddress().getHostAddress());
        System.setProperty("io.netty.testsuite.badPort", String.valueOf(get().getPort()));
    }

    private static final class Listener {

        static final Listener INSTANCE = new Listener();

        final InetSocketAddress address;

        /** Kept reachable: a collected socket would be closed, and the backlog would have room again. */
        @SuppressWarnings("unused")
        private final ServerSocket socket;

        @SuppressWarnings("unused")
        private final List<Socket> backlog = new ArrayList<>();

        Listener() {
            try {
                socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                address = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
                while (connects()) {
                    if (backlog.size() == MAX_FILLERS) {
                        throw new IllegalStateException(MAX_FILLERS + " connections fit in a backlog of 1");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean connects() throws IOException {
            Socket filler = new Socket();
            try {
                filler.connect(address, HANDSHAKE_MILLIS);
                backlog.add(filler);
                return true;
            } catch (SocketTimeoutException full) {
                filler.close();
                return false;
            }
        }
    }
}
