// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnixErrorsTest {

    private static Binding binding(String target) {
        return new Binding("none", TestPlatforms.named(target), RealBinding.BINDING.syscalls());
    }

    private static DomainSocketAddress address(String path) {
        return new DomainSocketAddress(path);
    }

    @ParameterizedTest
    @CsvSource({"linux-amd64, 107", "netbsd-amd64, 103"})
    void aPathThatIsTooLongIsMeasured(String target, int most) {
        Binding binding = binding(target);
        int number = binding.platform().errno().ENAMETOOLONG();
        String path = "/\u00e9" + "x".repeat(most);
        String told = "File name too long for a UNIX socket, " + (most + 3) + " bytes of at most " + most;
        assertThat(UnixErrors.bind(binding, number, address(path)))
                .isExactlyInstanceOf(KQueueIoException.class)
                .hasMessage("bind(..) failed: ENAMETOOLONG (" + told + ": " + path + ")");
        assertThat(UnixErrors.connect(binding, number, address(path)))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage(told);
        assertThat(UnixErrors.connect(binding, number, address("/short/with/a/long/link")))
                .as("the kernel's own answer")
                .hasMessage("File name too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void bind(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        assertThat(UnixErrors.bind(binding, errno.EADDRINUSE(), address("/run/a")))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use: /run/a")
                .hasCauseInstanceOf(KQueueIoException.class);
        assertThat(UnixErrors.bind(binding, errno.EACCES(), UnixDomainSocketAddress.of("/run/a")))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Permission denied: /run/a");
        assertThat(UnixErrors.bind(binding, errno.ENOENT(), address("/no/a")))
                .isExactlyInstanceOf(KQueueIoException.class)
                .hasMessage("bind(..) failed: ENOENT (No such file or directory: /no/a)");
        assertThat(UnixErrors.bind(binding, errno.ENOENT(), address("")))
                .hasMessage("bind(..) failed: ENOENT (No such file or directory, the path is empty: )");
        assertThat(UnixErrors.bind(binding, errno.EINVAL(), address("/a\0b")))
                .hasMessage("bind(..) failed: EINVAL (Invalid argument, a NUL in a path: /a@b)");
        assertThat(UnixErrors.bind(binding, errno.EINVAL(), address("/a")))
                .hasMessage("bind(..) failed: EINVAL (Invalid argument: /a)");
        assertThat(UnixErrors.bind(binding, errno.EOPNOTSUPP(), address("\0a")))
                .hasMessage(
                        "bind(..) failed: EOPNOTSUPP (Operation not supported, abstract names exist on Linux only: @a)");
        assertThat(UnixErrors.bind(binding, errno.EBADF(), address("/a"))).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void connect(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        IOException missing = UnixErrors.connect(binding, errno.ENOENT(), address("/run/a"));
        assertThat(missing)
                .isExactlyInstanceOf(FileNotFoundException.class)
                .hasMessage("No such file or directory: /run/a");
        assertThat(missing.getCause())
                .isInstanceOfSatisfying(
                        KQueueIoException.class,
                        cause -> assertThat(cause.errno()).isEqualTo(errno.ENOENT()));
        assertThat(UnixErrors.connect(binding, errno.ECONNREFUSED(), address("/run/a")))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(UnixErrors.connect(binding, errno.EAGAIN(), address("/run/a")))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Resource temporarily unavailable: the backlog of the listening socket is full");
        assertThat(UnixErrors.connect(binding, errno.EACCES(), address("/run/a")))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Permission denied");
        assertThat(UnixErrors.connect(binding, errno.EBADF(), address("/run/a")))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> UnixErrors.connect(binding, errno.EISCONN(), address("/run/a")))
                .isInstanceOf(AlreadyConnectedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void send(String target) {
        Binding binding = binding(target);
        Errno errno = binding.platform().errno();
        assertThat(UnixErrors.send(binding, "sendmsg", errno.ENOENT()))
                .isExactlyInstanceOf(FileNotFoundException.class)
                .hasMessage("No such file or directory");
        assertThat(UnixErrors.send(binding, "sendmsg", errno.ENOBUFS()))
                .isExactlyInstanceOf(KQueueIoException.class)
                .hasMessage("sendmsg(..) failed: ENOBUFS (No buffer space available)");
    }
}
