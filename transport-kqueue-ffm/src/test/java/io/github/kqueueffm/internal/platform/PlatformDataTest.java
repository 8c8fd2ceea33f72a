// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data files say: which names are absent where, and values that any reader of the headers knows. */
class PlatformDataTest {

    private static final Set<CFunction> EPOLL = EnumSet.of(
            CFunction.EPOLL_CREATE1,
            CFunction.EPOLL_CTL,
            CFunction.EPOLL_WAIT,
            CFunction.EPOLL_PWAIT2,
            CFunction.EVENTFD);

    private static Platform platform(String target) {
        return new Platforms(new MapOpener()).forProperty(target);
    }

    private static List<String> absentIn(Record record) throws ReflectiveOperationException {
        List<String> absent = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (component.getAccessor().invoke(record).equals(Platform.ABSENT)) {
                absent.add(component.getName());
            }
        }
        return absent;
    }

    private static List<String> namesOf(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "linux-arm64", "netbsd-amd64"})
    void nothingThatEverySystemHasIsAbsent(String target) throws ReflectiveOperationException {
        Platform platform = platform(target);
        assertThat(absentIn(platform.kevent())).isEmpty();
        assertThat(absentIn(platform.kqueue())).isEmpty();
        assertThat(absentIn(platform.errno())).isEmpty();
        assertThat(absentIn(platform.file())).isEmpty();
        assertThat(absentIn(platform.traits())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "linux-arm64"})
    void whatLinuxLacks(String target) throws ReflectiveOperationException {
        Platform linux = platform(target);
        assertThat(absentIn(linux.socket())).containsExactly("SO_NOSIGPIPE", "SO_ACCEPTFILTER");
        assertThat(absentIn(linux.epoll())).isEmpty();
        assertThat(absentIn(linux.sockaddr())).containsExactly("length");
        assertThat(absentIn(linux.structs()))
                .containsExactly(
                        "acceptFilterSize",
                        "acceptFilterName",
                        "acceptFilterNameSize",
                        "acceptFilterArgument",
                        "acceptFilterArgumentSize");
        assertThat(linux.symbols().keySet())
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(CFunction.PACCEPT)));
    }

    @Test
    void whatNetbsdLacks() throws ReflectiveOperationException {
        Platform netbsd = platform("netbsd-amd64");
        assertThat(absentIn(netbsd.socket())).containsExactly("TCP_NOPUSH", "TCP_FASTOPEN");
        assertThat(absentIn(netbsd.epoll())).containsExactlyElementsOf(namesOf(EpollConstants.class));
        assertThat(absentIn(netbsd.sockaddr())).isEmpty();
        assertThat(absentIn(netbsd.structs()))
                .containsExactly("epollEventSize", "epollEventEvents", "epollEventData", "tcpInfoUnacked");
        Set<CFunction> expected = EnumSet.allOf(CFunction.class);
        expected.removeAll(EPOLL);
        assertThat(netbsd.symbols().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** struct kevent of libkqueue, of NetBSD up to 10: &lt;sys/event.h&gt;. */
    @Test
    void keventLayouts() {
        assertThat(platform("linux-amd64").kevent()).isEqualTo(new KeventLayout(32, 0, 8, 2, 10, 2, 12, 16, 24));
        assertThat(platform("linux-arm64").kevent())
                .isEqualTo(platform("linux-amd64").kevent());
        assertThat(platform("netbsd-amd64").kevent()).isEqualTo(new KeventLayout(40, 0, 8, 4, 12, 4, 16, 24, 32));
    }

    @Test
    void kqueueConstantsOfBothNumberings() {
        KqueueConstants linux = platform("linux-amd64").kqueue();
        assertThat(linux)
                .isEqualTo(new KqueueConstants(
                        -1,
                        -2,
                        -4,
                        -5,
                        -6,
                        -7,
                        -11,
                        1,
                        2,
                        4,
                        8,
                        0x10,
                        0x20,
                        0x40,
                        0x80,
                        0x8000,
                        0x4000,
                        0x01000000,
                        1));
        KqueueConstants netbsd = platform("netbsd-amd64").kqueue();
        assertThat(netbsd)
                .isEqualTo(new KqueueConstants(
                        0, 1, 3, 4, 5, 6, 8, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x8000, 0x4000, 0x01000000, 1));
    }

    /** epoll_event is packed on amd64 alone. */
    @Test
    void epollOfLinux() {
        StructLayouts amd64 = platform("linux-amd64").structs();
        StructLayouts arm64 = platform("linux-arm64").structs();
        assertThat(amd64.epollEventSize()).isEqualTo(12);
        assertThat(amd64.epollEventData()).isEqualTo(4);
        assertThat(arm64.epollEventSize()).isEqualTo(16);
        assertThat(arm64.epollEventData()).isEqualTo(8);
        assertThat(platform("linux-amd64").epoll())
                .isEqualTo(platform("linux-arm64").epoll())
                .isEqualTo(new EpollConstants(0x80000, 1, 2, 3, 0x1, 0x4, 0x8, 0x10, 0x2000, 1 << 31, 0x80000, 0x800));
    }

    @Test
    void edgeTriggeringIsNotMistakenForAbsent() {
        assertThat(Platform.has(platform("linux-amd64").epoll().EPOLLET())).isTrue();
        assertThat(Platform.has(platform("netbsd-amd64").epoll().EPOLLET())).isFalse();
    }

    @Test
    void linuxArchitecturesDifferInEpollEventOnly() {
        Platform amd64 = platform("linux-amd64");
        Platform arm64 = platform("linux-arm64");
        assertThat(arm64.errno()).isEqualTo(amd64.errno());
        assertThat(arm64.socket()).isEqualTo(amd64.socket());
        assertThat(arm64.file()).isEqualTo(amd64.file());
        assertThat(arm64.sockaddr()).isEqualTo(amd64.sockaddr());
        assertThat(arm64.traits()).isEqualTo(amd64.traits());
        assertThat(arm64.symbols()).isEqualTo(amd64.symbols());
    }

    @Test
    void socketAddresses() {
        assertThat(platform("linux-amd64").sockaddr())
                .isEqualTo(new SockaddrLayout(Platform.ABSENT, 0, 2, 128, 16, 2, 4, 28, 2, 4, 8, 24, 110, 2, 108));
        assertThat(platform("netbsd-amd64").sockaddr())
                .isEqualTo(new SockaddrLayout(0, 1, 1, 128, 16, 2, 4, 28, 2, 4, 8, 24, 106, 2, 104));
    }

    @Test
    void wellKnownNumbersOfLinux() {
        Platform linux = platform("linux-amd64");
        assertThat(linux.errno().EAGAIN()).isEqualTo(11);
        assertThat(linux.errno().EINPROGRESS()).isEqualTo(115);
        assertThat(linux.errno().ECONNREFUSED()).isEqualTo(111);
        assertThat(linux.errno().ENOSYS()).isEqualTo(38);
        assertThat(linux.socket().SOL_SOCKET()).isEqualTo(1);
        assertThat(linux.socket().SO_REUSEPORT()).isEqualTo(15);
        assertThat(linux.socket().SO_LINGER_SECONDS()).isEqualTo(13);
        assertThat(linux.socket().SOCK_NONBLOCK()).isEqualTo(04000);
        assertThat(linux.socket().SOCK_CLOEXEC()).isEqualTo(02000000);
        assertThat(linux.socket().TCP_NOPUSH()).isEqualTo(3);
        assertThat(linux.socket().AF_INET6()).isEqualTo(10);
        assertThat(linux.file().O_NONBLOCK()).isEqualTo(04000);
        assertThat(linux.file().FIONREAD()).isEqualTo(0x541B);
        assertThat(linux.traits().iovMax()).isEqualTo(1024);
        assertThat(linux.traits().maxIoBytes()).isEqualTo(0x7ffff000);
        assertThat(linux.traits().acceptInheritsNonblock()).isFalse();
    }

    @Test
    void wellKnownNumbersOfNetbsd() {
        Platform netbsd = platform("netbsd-amd64");
        assertThat(netbsd.errno().EAGAIN()).isEqualTo(35);
        assertThat(netbsd.errno().EINPROGRESS()).isEqualTo(36);
        assertThat(netbsd.errno().ECONNREFUSED()).isEqualTo(61);
        assertThat(netbsd.errno().ENOSYS()).isEqualTo(78);
        assertThat(netbsd.socket().SOL_SOCKET()).isEqualTo(0xffff);
        assertThat(netbsd.socket().SO_NOSIGPIPE()).isEqualTo(0x0800);
        assertThat(netbsd.socket().SOCK_NONBLOCK()).isEqualTo(0x20000000);
        assertThat(netbsd.socket().SOCK_CLOEXEC()).isEqualTo(0x10000000);
        assertThat(netbsd.socket().AF_INET6()).isEqualTo(24);
        assertThat(netbsd.file().O_NONBLOCK()).isEqualTo(4);
        assertThat(netbsd.file().FIONREAD()).isEqualTo(0x4004667f);
        assertThat(netbsd.traits().iovMax()).isEqualTo(1024);
        assertThat(netbsd.traits().acceptInheritsNonblock()).isTrue();
        assertThat(netbsd.traits().inheritsTos()).isFalse();
    }

    /** The plain names are entries for old binaries there. */
    @Test
    void renamedFunctionsOfNetbsd() {
        Platform netbsd = platform("netbsd-amd64");
        Map<CFunction, String> renamed = Map.of(
                CFunction.SOCKET, "__socket30",
                CFunction.KEVENT, "__kevent50",
                CFunction.ERRNO_LOCATION, "__errno");
        netbsd.symbols()
                .forEach((function, symbol) -> assertThat(symbol)
                        .isEqualTo(
                                renamed.getOrDefault(function, function.name().toLowerCase(java.util.Locale.ROOT))));
    }
}
