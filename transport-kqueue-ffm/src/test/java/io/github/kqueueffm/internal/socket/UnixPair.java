// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;

/** Both ends of a connection of the UNIX domain. */
final class UnixPair implements AutoCloseable {

    final DomainSocketAddress address;
    final NativeSocket listener;
    final NativeSocket client;
    final NativeSocket server;

    /** @param directory for the socket's file */
    UnixPair(Binding binding, Path directory) throws IOException {
        address = new DomainSocketAddress(directory.resolve("pair").toString());
        listener = NativeSocket.newStream(binding, SocketProtocolFamily.UNIX);
        listener.bind(address);
        listener.listen(5);
        client = NativeSocket.newStream(binding, SocketProtocolFamily.UNIX);
        assertThat(client.connect(address)).isTrue();
        int fd = listener.accept(new AddressScratch(binding));
        assertThat(fd).isNotNegative();
        server = listener.accepted(fd);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        listener.close();
        SocketFile.delete(listener.binding(), address.path());
    }
}
