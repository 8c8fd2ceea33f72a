// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whether TCP Fast Open is there, found with a socket that is closed again. FreeBSD and macOS refuse the option on a listening
 * socket when an administrator has turned the server's side off, and FreeBSD on any other socket when the client's side is
 * (EPERM and ENOTSUP). Linux takes it always, so there the answer is worth nothing.
 */
public final class FastOpenProbe {

    private FastOpenProbe() {}

    /** Whether connections may be opened with data; not that they will be: that also takes the server's consent. */
    public static boolean client(Binding binding) throws IOException {
        FastOpen form = FastOpen.of(binding);
        if (form == null) {
            return false;
        }
        NativeSocket socket = NativeSocket.newStream(binding, SocketProtocolFamily.INET);
        try {
            return form.prepare(socket.intValue()) >= 0;
        } finally {
            socket.close();
        }
    }

    /** Whether connections that are opened with data may be accepted. */
    public static boolean server(Binding binding) throws IOException {
        if (!SocketOption.TCP_FASTOPEN.isSupported(binding.platform())) {
            return false;
        }
        NativeSocket socket = NativeSocket.newStream(binding, SocketProtocolFamily.INET);
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            socket.bind(new InetSocketAddress(loopback, 0));
            socket.listen(1);
            return socket.trySetFastOpen(1) >= 0;
        } finally {
            socket.close();
        }
    }
}
