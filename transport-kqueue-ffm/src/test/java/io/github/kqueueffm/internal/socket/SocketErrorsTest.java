// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.Binding;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the numbering of both systems: ECONNRESET is 104 on one and 54 on the other. */
class SocketErrorsTest {

    private static Binding binding(String target) {
        return new Binding("none", TestPlatforms.named(target), RealBinding.BINDING.syscalls());
    }

    private static void hasCause(Throwable exception, String call, int errno, String name) {
        assertThat(exception.getCause()).isInstanceOfSatisfying(KQueueIoException.class, cause -> {
            assertThat(cause.call()).isEqualTo(call);
            assertThat(cause.errno()).isEqualTo(errno);
            assertThat(cause.errnoName()).isEqualTo(name);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void otherErrorsAreOurOwnWithTheWordsThatPeopleFilterFor(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        IOException reset = SocketErrors.exception(binding, "read", errno.ECONNRESET());
        assertThat(reset)
                .isExactlyInstanceOf(KQueueIoException.class)
                .hasMessage("read(..) failed: ECONNRESET (Connection reset by peer)");
        assertThat(((KQueueIoException) reset).errno()).isEqualTo(errno.ECONNRESET());
        assertThat(SocketErrors.exception(binding, "write", errno.EPIPE()))
                .isExactlyInstanceOf(KQueueIoException.class)
                .hasMessage("write(..) failed: EPIPE (Broken pipe)");
        assertThat(SocketErrors.exception(binding, "write", 4711))
                .hasMessage("write(..) failed: errno 4711 (Unknown error 4711)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void closedAndUnconnected(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        IOException closed = SocketErrors.exception(binding, "read", errno.EBADF());
        assertThat(closed).isInstanceOf(ClosedChannelException.class);
        hasCause(closed, "read", errno.EBADF(), "EBADF");
        assertThatThrownBy(() -> SocketErrors.exception(binding, "shutdown", errno.ENOTCONN()))
                .isInstanceOf(NotYetConnectedException.class)
                .satisfies(thrown -> hasCause(thrown, "shutdown", errno.ENOTCONN(), "ENOTCONN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void connect(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        IOException refused = SocketErrors.connect(binding, errno.ECONNREFUSED());
        assertThat(refused).isExactlyInstanceOf(ConnectException.class).hasMessage("Connection refused");
        hasCause(refused, "connect", errno.ECONNREFUSED(), "ECONNREFUSED");
        assertThat(SocketErrors.connect(binding, errno.ETIMEDOUT()))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection timed out");
        assertThat(SocketErrors.connect(binding, errno.EADDRNOTAVAIL())).isExactlyInstanceOf(ConnectException.class);
        assertThat(SocketErrors.connect(binding, errno.ENETUNREACH()))
                .isExactlyInstanceOf(NoRouteToHostException.class)
                .hasMessage("Network is unreachable");
        assertThat(SocketErrors.connect(binding, errno.EHOSTUNREACH()))
                .isExactlyInstanceOf(NoRouteToHostException.class)
                .hasMessage("No route to host");
        assertThat(SocketErrors.connect(binding, errno.EBADF())).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> SocketErrors.connect(binding, errno.EISCONN()))
                .isInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> SocketErrors.connect(binding, errno.EALREADY()))
                .isInstanceOf(ConnectionPendingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void bind(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        IOException inUse = SocketErrors.bind(binding, "listen", errno.EADDRINUSE());
        assertThat(inUse).isExactlyInstanceOf(BindException.class).hasMessage("Address already in use");
        hasCause(inUse, "listen", errno.EADDRINUSE(), "EADDRINUSE");
        assertThat(SocketErrors.bind(binding, "bind", errno.EADDRNOTAVAIL())).isInstanceOf(BindException.class);
        assertThat(SocketErrors.bind(binding, "bind", errno.EACCES()))
                .isInstanceOf(BindException.class)
                .hasMessage("Permission denied");
        assertThat(SocketErrors.bind(binding, "bind", errno.EINVAL())).isExactlyInstanceOf(KQueueIoException.class);
    }
}
