// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testing.Records;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data files say: which names are absent where, and values that any reader of the headers knows. */
class PlatformDataTest {

    private static final Set<CFunction> EPOLL = EnumSet.of(
            CFunction.EPOLL_CREATE1,
            CFunction.EPOLL_CTL,
            CFunction.EPOLL_WAIT,
            CFunction.EPOLL_PWAIT2,
            CFunction.EVENTFD);

    /** Members of {@code struct xucred}, and the option that macOS has besides it. */
    private static final List<String> OF_XUCRED =
            List.of("groupCount", "groupCountSize", "groups", "maxGroups", "pidOption");

    private static Platform platform(String target) {
        return new Platforms(new MapOpener()).forProperty(target);
    }

    private static List<String> absentIn(Record record) throws ReflectiveOperationException {
        List<String> absent = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(record);
            if (value.equals(Platform.ABSENT) || value.equals(Field.NONE)) {
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
    @MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ids")
    void nothingThatEverySystemHasIsAbsent(String target) throws ReflectiveOperationException {
        Platform platform = platform(target);
        assertThat(absentIn(platform.kevent())).isEmpty();
        assertThat(absentIn(platform.kqueue())).isEmpty();
        assertThat(absentIn(platform.errno())).isEmpty();
        assertThat(absentIn(platform.file()))
                .isEqualTo(platform.os().equals("darwin") ? List.of() : List.of("O_EVTONLY"));
        assertThat(absentIn(platform.traits())).isEmpty();
        boolean batches = platform.symbol(CFunction.RECVMMSG) != null;
        assertThat(absentIn(platform.message()))
                .isEqualTo(batches ? List.of() : List.of("mmsghdrSize", "mmsghdrHeader", "mmsghdrLength"));
        assertThat(absentIn(platform.tcpStates())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linux-amd64",
                "linux-arm64",
                "linux-loongarch64",
                "linux-ppc64le",
                "linux-riscv64",
                "linux-s390x"
            })
    void whatLinuxLacks(String target) throws ReflectiveOperationException {
        Platform linux = platform(target);
        assertThat(absentIn(linux.notes()))
                .containsExactly(
                        "NOTE_OPEN", "NOTE_CLOSE", "NOTE_CLOSE_WRITE", "NOTE_READ", "NOTE_TRUNCATE", "NOTE_EXITSTATUS");
        assertThat(absentIn(linux.socket()))
                .containsExactly(
                        "SO_REUSEPORT_LB",
                        "SO_NOSIGPIPE",
                        "SO_ACCEPTFILTER",
                        "TCP_CONNECTION_INFO",
                        "CONNECT_RESUME_ON_READ_WRITE",
                        "CONNECT_DATA_IDEMPOTENT");
        assertThat(absentIn(linux.multicast())).isEmpty();
        assertThat(absentIn(linux.multicastStructs())).isEmpty();
        assertThat(absentIn(linux.credentials())).isEqualTo(OF_XUCRED);
        assertThat(absentIn(linux.tcpInfo()))
                .containsExactly(
                        "lastAckSent", "rttLatest", "sndBufferBytes", "rcvOooBytes", "sndZeroWin", "sndNxt", "rcvNxt");
        assertThat(absentIn(linux.epoll())).isEmpty();
        assertThat(absentIn(linux.inotify())).isEmpty();
        assertThat(absentIn(linux.process())).isEmpty();
        assertThat(absentIn(linux.sockaddr())).containsExactly("length");
        assertThat(absentIn(linux.structs()))
                .containsExactly(
                        "acceptFilterSize",
                        "acceptFilterName",
                        "acceptFilterNameSize",
                        "acceptFilterArgument",
                        "acceptFilterArgumentSize",
                        "saEndpointsSize",
                        "saEndpointsDestination",
                        "saEndpointsDestinationLength");
        assertThat(linux.symbols().keySet())
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(
                        CFunction.PACCEPT,
                        CFunction.SENDFILE_SBYTES,
                        CFunction.SENDFILE_LENGTH,
                        CFunction.CONNECTX,
                        CFunction.DISCONNECTX)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "netbsd-amd64",
                "netbsd-amd64-10",
                "netbsd-amd64-11",
                "netbsd-arm64",
                "netbsd-arm64-10",
                "netbsd-arm64-11"
            })
    void whatNetbsdLacks(String target) throws ReflectiveOperationException {
        Platform netbsd = platform(target);
        List<String> later = List.of(
                "NOTE_SECONDS",
                "NOTE_USECONDS",
                "NOTE_NSECONDS",
                "NOTE_ABSTIME",
                "NOTE_OPEN",
                "NOTE_CLOSE",
                "NOTE_CLOSE_WRITE",
                "NOTE_READ");
        assertThat(absentIn(netbsd.notes()))
                .containsAll(netbsd.version().isEmpty() ? later : List.of())
                .contains("NOTE_TRUNCATE", "NOTE_EXITSTATUS")
                .hasSize(netbsd.version().isEmpty() ? later.size() + 2 : 2);
        assertThat(absentIn(netbsd.socket()))
                .containsExactly(
                        "SO_REUSEPORT_LB",
                        "TCP_NOPUSH",
                        "TCP_FASTOPEN",
                        "TCP_FASTOPEN_CONNECT",
                        "TCP_CONNECTION_INFO",
                        "MSG_FASTOPEN",
                        "CONNECT_RESUME_ON_READ_WRITE",
                        "CONNECT_DATA_IDEMPOTENT");
        assertThat(absentIn(netbsd.multicast()))
                .containsExactly(
                        "IP_MULTICAST_ALL",
                        "IP_ADD_SOURCE_MEMBERSHIP",
                        "IP_DROP_SOURCE_MEMBERSHIP",
                        "IP_BLOCK_SOURCE",
                        "IP_UNBLOCK_SOURCE",
                        "IPV6_MULTICAST_ALL",
                        "MCAST_JOIN_SOURCE_GROUP",
                        "MCAST_LEAVE_SOURCE_GROUP",
                        "MCAST_BLOCK_SOURCE",
                        "MCAST_UNBLOCK_SOURCE");
        assertThat(absentIn(netbsd.multicastStructs()))
                .containsExactly(
                        "mreqSourceSize",
                        "mreqSourceGroup",
                        "mreqSourceInterface",
                        "mreqSourceSource",
                        "groupSourceReqSize",
                        "groupSourceReqInterface",
                        "groupSourceReqGroup",
                        "groupSourceReqSource");
        assertThat(absentIn(netbsd.credentials())).isEqualTo(OF_XUCRED);
        assertThat(absentIn(netbsd.epoll())).containsExactlyElementsOf(namesOf(EpollConstants.class));
        assertThat(absentIn(netbsd.inotify())).containsExactlyElementsOf(namesOf(InotifyConstants.class));
        assertThat(absentIn(netbsd.process())).containsExactlyElementsOf(namesOf(ProcessConstants.class));
        assertThat(absentIn(netbsd.sockaddr())).isEmpty();
        assertThat(absentIn(netbsd.structs()))
                .containsExactly(
                        "epollEventSize",
                        "epollEventEvents",
                        "epollEventData",
                        "inotifyEventSize",
                        "inotifyEventWatch",
                        "inotifyEventMask",
                        "inotifyEventLength",
                        "siginfoSize",
                        "siginfoCode",
                        "siginfoPid",
                        "siginfoStatus",
                        "pidfdInfoSize",
                        "pidfdInfoMask",
                        "pidfdInfoExitCode",
                        "saEndpointsSize",
                        "saEndpointsDestination",
                        "saEndpointsDestinationLength");
        Set<CFunction> expected = EnumSet.allOf(CFunction.class);
        expected.removeAll(EPOLL);
        expected.removeAll(EnumSet.of(
                CFunction.INOTIFY_INIT1,
                CFunction.INOTIFY_ADD_WATCH,
                CFunction.INOTIFY_RM_WATCH,
                CFunction.PIDFD_OPEN,
                CFunction.WAITID,
                CFunction.SENDFILE,
                CFunction.SENDFILE_SBYTES,
                CFunction.SENDFILE_LENGTH,
                CFunction.CONNECTX,
                CFunction.DISCONNECTX));
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

    /** Bits at the top are negative as an int; NetBSD numbers its units, libkqueue gives each a bit. */
    @Test
    void notesOfBothNumberings() {
        assertThat(platform("linux-amd64").notes())
                .isEqualTo(new NoteConstants(
                        0,
                        1 << 30,
                        1 << 31,
                        3 << 30,
                        3 << 30,
                        0xffffff,
                        1,
                        2,
                        4,
                        8,
                        16,
                        32,
                        64,
                        1 << 31,
                        1 << 30,
                        1 << 29,
                        1,
                        0,
                        2,
                        4,
                        8,
                        Platform.ABSENT,
                        Platform.ABSENT,
                        Platform.ABSENT,
                        Platform.ABSENT,
                        Platform.ABSENT,
                        Platform.ABSENT));
        assertThat(platform("netbsd-amd64-10").notes())
                .isEqualTo(new NoteConstants(
                        0,
                        1 << 30,
                        1 << 31,
                        3 << 30,
                        3 << 30,
                        0xffffff,
                        1,
                        2,
                        4,
                        8,
                        16,
                        32,
                        64,
                        1 << 31,
                        1 << 30,
                        1 << 29,
                        1,
                        0,
                        2,
                        3,
                        16,
                        0x80,
                        0x100,
                        0x200,
                        0x400,
                        Platform.ABSENT,
                        Platform.ABSENT));
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
    void linuxArchitecturesDifferInEpollEventAndStatOnly() {
        Platform amd64 = platform("linux-amd64");
        Platform arm64 = platform("linux-arm64");
        assertThat(arm64.errno()).isEqualTo(amd64.errno());
        assertThat(arm64.socket()).isEqualTo(amd64.socket());
        assertThat(arm64.file()).isEqualTo(amd64.file());
        assertThat(arm64.sockaddr()).isEqualTo(amd64.sockaddr());
        assertThat(arm64.traits()).isEqualTo(amd64.traits());
        assertThat(arm64.symbols()).isEqualTo(amd64.symbols());
        assertThat(arm64.message()).isEqualTo(amd64.message());
        assertThat(arm64.tcpInfo()).isEqualTo(amd64.tcpInfo());
        assertThat(amd64.structs().statSize()).isEqualTo(144);
        assertThat(amd64.structs().statMode()).isEqualTo(24);
        assertThat(arm64.structs().statSize()).isEqualTo(128);
        assertThat(arm64.structs().statMode()).isEqualTo(16);
        assertThat(amd64.structs().statLinks()).isEqualTo(16);
        assertThat(amd64.structs().statLinksSize()).isEqualTo(8);
        assertThat(arm64.structs().statLinks()).isEqualTo(20);
        assertThat(arm64.structs().statLinksSize()).isEqualTo(4);
        assertThat(arm64.inotify()).isEqualTo(amd64.inotify());
        assertThat(arm64.process()).isEqualTo(amd64.process());
    }

    @Test
    void netbsdArchitecturesDifferInControlMessagesOnly() {
        Platform amd64 = platform("netbsd-amd64");
        Platform arm64 = platform("netbsd-arm64");
        assertThat(amd64.message().cmsgAlignment()).isEqualTo(8);
        assertThat(arm64.message().cmsgAlignment()).isEqualTo(16);
        Platform like = Records.with(Records.with(arm64, "arch", "amd64"), "message", amd64.message());
        assertThat(like).isEqualTo(amd64);
    }

    /** &lt;sys/socket.h&gt;: counts of 8 bytes on Linux, of 4 on the BSDs. */
    @Test
    void messages() {
        assertThat(platform("linux-amd64").message())
                .isEqualTo(new MessageLayout(56, 0, 8, 16, 24, 8, 32, 40, 8, 48, 64, 0, 56, 16, 0, 8, 8, 12, 8));
        assertThat(platform("netbsd-amd64").message())
                .isEqualTo(new MessageLayout(48, 0, 8, 16, 24, 4, 32, 40, 4, 44, 56, 0, 48, 12, 0, 4, 4, 8, 8));
    }

    @Test
    void peerCredentials() {
        int no = Platform.ABSENT;
        assertThat(platform("linux-amd64").credentials())
                .isEqualTo(new CredentialsLayout(1, 17, 12, 0, 4, 8, no, no, no, no, no));
        assertThat(platform("netbsd-amd64").credentials())
                .isEqualTo(new CredentialsLayout(0, 3, 12, 0, 4, 8, no, no, no, no, no));
    }

    @Test
    void multicastOptionsOfBothNumberings() {
        int no = Platform.ABSENT;
        assertThat(platform("linux-amd64").multicast())
                .isEqualTo(new MulticastConstants(
                        32, 33, 34, 49, 35, 36, 39, 40, 38, 37, 17, 18, 19, 29, 20, 21, 46, 47, 43, 44));
        assertThat(platform("netbsd-amd64").multicast())
                .isEqualTo(new MulticastConstants(
                        9, 10, 11, no, 12, 13, no, no, no, no, 9, 10, 11, no, 12, 13, no, no, no, no));
        assertThat(platform("linux-amd64").multicastStructs())
                .isEqualTo(new MulticastLayout(8, 0, 4, 12, 0, 4, 8, 20, 0, 16, 264, 0, 8, 136));
        assertThat(platform("netbsd-amd64").traits().multicastOptionBytes()).isEqualTo(1);
    }

    /** &lt;netinet/tcp_fsm.h&gt; numbers the states 0 to 10 from CLOSED, &lt;netinet/tcp.h&gt; of Linux from ESTABLISHED. */
    @Test
    void tcpStates() {
        TcpStates linux = platform("linux-amd64").tcpStates();
        assertThat(IntStream.range(0, 13).mapToObj(linux::name))
                .containsExactly(
                        null,
                        "ESTABLISHED",
                        "SYN_SENT",
                        "SYN_RECEIVED",
                        "FIN_WAIT_1",
                        "FIN_WAIT_2",
                        "TIME_WAIT",
                        "CLOSED",
                        "CLOSE_WAIT",
                        "LAST_ACK",
                        "LISTEN",
                        "CLOSING",
                        null);
        TcpStates netbsd = platform("netbsd-amd64").tcpStates();
        assertThat(IntStream.range(0, 12).mapToObj(netbsd::name))
                .containsExactly(
                        "CLOSED",
                        "LISTEN",
                        "SYN_SENT",
                        "SYN_RECEIVED",
                        "ESTABLISHED",
                        "CLOSE_WAIT",
                        "FIN_WAIT_1",
                        "CLOSING",
                        "LAST_ACK",
                        "FIN_WAIT_2",
                        "TIME_WAIT",
                        null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "linux-s390x", "netbsd-amd64", "freebsd-amd64-12"})
    void fieldsOfTcpInfoLieInTheStructSideBySide(String target) throws ReflectiveOperationException {
        Platform platform = platform(target);
        TcpInfoLayout layout = platform.tcpInfo();
        assertThat(layout.option()).isEqualTo(platform.socket().TCP_INFO());
        Map<Integer, String> owners = new HashMap<>();
        for (RecordComponent component : TcpInfoLayout.class.getRecordComponents()) {
            if (component.getAccessor().invoke(layout) instanceof Field field && field.exists()) {
                assertThat(field.end()).as(component.getName()).isLessThanOrEqualTo(layout.size());
                assertThat(field.offset() % field.size())
                        .as(component.getName())
                        .isZero();
                for (int at = field.offset(); at < field.end(); at++) {
                    // The two halves of one byte
                    if (!component.getName().equals("rcvWscale")) {
                        assertThat(owners.putIfAbsent(at, component.getName()))
                                .as(component.getName() + " at " + at)
                                .isNull();
                    }
                }
            }
        }
        assertThat(layout.rcvWscale().offset()).isEqualTo(layout.sndWscale().offset());
    }

    /** The BSDs took the first part of the struct from Linux, but not the units. */
    @Test
    void unitsOfTcpInfo() {
        TcpInfoLayout linux = platform("linux-amd64").tcpInfo();
        TcpInfoLayout netbsd = platform("netbsd-amd64").tcpInfo();
        assertThat(linux.rtt()).isEqualTo(new Field(68, 4, FieldUnit.MICROSECONDS));
        assertThat(netbsd.rtt()).isEqualTo(linux.rtt());
        assertThat(linux.lastDataRecv()).isEqualTo(new Field(52, 4, FieldUnit.MILLISECONDS));
        assertThat(netbsd.lastDataRecv()).isEqualTo(new Field(52, 4, FieldUnit.MICROSECONDS));
        assertThat(linux.sndCwnd()).isEqualTo(new Field(80, 4, FieldUnit.SEGMENTS));
        assertThat(netbsd.sndCwnd()).isEqualTo(linux.sndCwnd());
        assertThat(linux.sndSsthresh().unit()).isEqualTo(FieldUnit.SEGMENTS);
        assertThat(netbsd.sndSsthresh().unit()).isEqualTo(FieldUnit.BYTES);
        assertThat(linux.unacked()).isEqualTo(new Field(24, 4, FieldUnit.SEGMENTS));
        assertThat(linux.bytesAcked()).isEqualTo(new Field(120, 8, FieldUnit.BYTES));
        assertThat(linux.sndWnd().end()).isEqualTo(232);
        assertThat(Field.NONE.exists()).isFalse();
        assertThat(Field.NONE.end()).isZero();
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
        assertThat(linux.socket().MSG_FASTOPEN()).isEqualTo(0x20000000);
        assertThat(linux.socket().MSG_CMSG_CLOEXEC()).isEqualTo(0x40000000);
        assertThat(linux.socket().MSG_CTRUNC()).isEqualTo(8);
        assertThat(linux.file().O_CLOEXEC()).isEqualTo(02000000);
        assertThat(linux.file().S_IFMT()).isEqualTo(0170000);
        assertThat(linux.file().S_IFSOCK()).isEqualTo(0140000);
        assertThat(linux.traits().datagramAvailableCountsAddress()).isFalse();
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
        assertThat(netbsd.socket().MSG_CMSG_CLOEXEC()).isEqualTo(0x800);
        assertThat(netbsd.socket().MSG_CTRUNC()).isEqualTo(0x20);
        assertThat(netbsd.file().O_CLOEXEC()).isEqualTo(0x00400000);
        assertThat(netbsd.traits().datagramAvailableCountsAddress()).isTrue();
        assertThat(netbsd.file().O_NONBLOCK()).isEqualTo(4);
        assertThat(netbsd.file().FIONREAD()).isEqualTo(0x4004667f);
        assertThat(netbsd.traits().iovMax()).isEqualTo(1024);
        assertThat(netbsd.traits().acceptInheritsNonblock()).isTrue();
    }

    /** The plain names are entries for old binaries there. */
    @Test
    void renamedFunctionsOfNetbsd() {
        Platform netbsd = platform("netbsd-amd64");
        Map<CFunction, String> renamed = Map.of(
                CFunction.SOCKET, "__socket30",
                CFunction.KEVENT, "__kevent50",
                CFunction.LSTAT, "__lstat50",
                CFunction.FSTAT, "__fstat50",
                CFunction.ERRNO_LOCATION, "__errno");
        netbsd.symbols()
                .forEach((function, symbol) -> assertThat(symbol)
                        .isEqualTo(
                                renamed.getOrDefault(function, function.name().toLowerCase(java.util.Locale.ROOT))));
    }
}
