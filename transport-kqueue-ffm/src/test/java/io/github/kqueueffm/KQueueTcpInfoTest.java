// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.github.kqueueffm.internal.platform.Field;
import io.github.kqueueffm.internal.platform.FieldUnit;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TcpInfoLayout;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.ScriptedCalls;
import io.github.kqueueffm.testing.Records;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The struct of one system turned into the units of all. */
class KQueueTcpInfoTest {

    private static final int FD = 77;

    private final Platform linux = TestPlatforms.named("linux-amd64");
    private final Platform netbsd = TestPlatforms.named("netbsd-amd64");

    private static KQueueTcpInfo read(Platform platform, ByteBuffer struct, int length) throws IOException {
        ScriptedCalls calls = new ScriptedCalls(platform).answer("close", 0);
        calls.answer("getsockopt", arguments -> {
            assertThat(arguments[1]).isEqualTo(platform.socket().IPPROTO_TCP());
            assertThat(arguments[2]).isEqualTo(platform.tcpInfo().option());
            Pointer lengthPointer = new Pointer((long) arguments[4]);
            assertThat(lengthPointer.getInt(0)).isEqualTo(platform.tcpInfo().size());
            new Pointer((long) arguments[3]).write(0, struct.array(), 0, length);
            lengthPointer.setInt(0, length);
            return 0;
        });
        KQueueTcpInfo info = new KQueueTcpInfo();
        info.read(new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET));
        return info;
    }

    private static ByteBuffer structOf(Platform platform) {
        return ByteBuffer.allocate(platform.tcpInfo().size()).order(ByteOrder.nativeOrder());
    }

    private static void put(ByteBuffer struct, Field field, long value) {
        switch (field.size()) {
            case 1 -> struct.put(field.offset(), (byte) value);
            case 2 -> struct.putShort(field.offset(), (short) value);
            case 4 -> struct.putInt(field.offset(), (int) value);
            case 8 -> struct.putLong(field.offset(), value);
            default -> throw new AssertionError(field);
        }
    }

    @Test
    void linuxHasSegmentsAndMicroseconds() throws IOException {
        TcpInfoLayout layout = linux.tcpInfo();
        ByteBuffer struct = structOf(linux);
        put(struct, layout.state(), 1);
        put(struct, layout.sndWscale(), 0x97);
        put(struct, layout.rto(), 204_000);
        put(struct, layout.rtt(), 4_000_000_000L);
        put(struct, layout.lastDataSent(), 12);
        put(struct, layout.sndMss(), 1400);
        put(struct, layout.sndCwnd(), 10);
        put(struct, layout.sndSsthresh(), 0x7fffffff);
        put(struct, layout.pacingRate(), -1);
        put(struct, layout.bytesSent(), 1L << 40);
        KQueueTcpInfo info = read(linux, struct, layout.size());
        assertThat(info.state()).isEqualTo(1);
        assertThat(info.stateName()).isEqualTo("ESTABLISHED");
        assertThat(info.sndWscale()).isEqualTo(7);
        assertThat(info.rcvWscale()).isEqualTo(9);
        assertThat(info.rto()).isEqualTo(204_000);
        assertThat(info.rtt()).as("unsigned").isEqualTo(4_000_000_000L);
        assertThat(info.lastDataSent()).isEqualTo(12);
        assertThat(info.sndCwnd()).isEqualTo(10);
        assertThat(info.sndCwndBytes()).isEqualTo(14_000);
        assertThat(info.sndSsthreshBytes()).isEqualTo(0x7fffffffL * 1400);
        assertThat(info.pacingRate()).isEqualTo(Long.MAX_VALUE);
        assertThat(info.bytesSent()).isEqualTo(1L << 40);
        assertThat(info.lastAckSent()).as("what Linux does not tell").isEqualTo(-1);
        assertThat(info.toString()).isEqualTo("KQueueTcpInfo(ESTABLISHED, rtt 4000000000 us)");
    }

    /** Of two windows NetBSD counts the segments, of the threshold between them the bytes. */
    @Test
    void netbsdHasBoth() throws IOException {
        TcpInfoLayout layout = netbsd.tcpInfo();
        ByteBuffer struct = structOf(netbsd);
        put(struct, layout.state(), netbsd.tcpStates().TCPS_FIN_WAIT_2());
        put(struct, layout.sndMss(), 1000);
        put(struct, layout.sndCwnd(), 14);
        put(struct, layout.sndWnd(), 60);
        put(struct, layout.sndSsthresh(), 14_600);
        KQueueTcpInfo info = read(netbsd, struct, layout.size());
        assertThat(info.stateName()).isEqualTo("FIN_WAIT_2");
        assertThat(info.sndCwnd()).isEqualTo(14);
        assertThat(info.sndCwndBytes()).isEqualTo(14_000);
        assertThat(info.sndWnd()).isEqualTo(60_000);
        assertThat(info.sndSsthreshBytes()).isEqualTo(14_600);
        assertThat(info.sndSsthresh()).isEqualTo(14);
        assertThat(info.unacked()).isEqualTo(-1);
    }

    @Test
    void timesOfOtherUnits() throws IOException {
        // As on macOS, which counts milliseconds.
        TcpInfoLayout layout = Records.with(linux.tcpInfo(), "rtt", new Field(68, 4, FieldUnit.MILLISECONDS));
        layout = Records.with(layout, "lastDataRecv", new Field(52, 4, FieldUnit.MICROSECONDS));
        Platform odd = Records.with(linux, "tcpInfo", layout);
        ByteBuffer struct = structOf(odd);
        put(struct, layout.rtt(), 25);
        put(struct, layout.lastDataRecv(), 7_900);
        KQueueTcpInfo info = read(odd, struct, layout.size());
        assertThat(info.rtt()).isEqualTo(25_000);
        assertThat(info.lastDataRecv()).isEqualTo(7);
    }

    /** Whatever its struct counts in, and where. */
    @ParameterizedTest
    @MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ids")
    void microsecondsAndBytesOnEverySystem(String id) throws IOException {
        Platform platform = TestPlatforms.named(id);
        TcpInfoLayout layout = platform.tcpInfo();
        if (!Platform.has(layout.option())) {
            assertThat(platform.os()).isEqualTo("dragonfly");
            return;
        }
        ByteBuffer struct = structOf(platform);
        put(struct, layout.state(), platform.tcpStates().TCPS_CLOSE_WAIT());
        boolean macos = platform.os().equals("darwin");
        put(struct, layout.rtt(), macos ? 25 : 25_000);
        put(struct, layout.rttVar(), macos ? 3 : 3_000);
        put(struct, layout.rto(), macos ? 230 : 230_000);
        put(struct, layout.sndMss(), 1000);
        boolean segments = platform.os().equals("linux") || platform.os().equals("netbsd");
        put(struct, layout.sndCwnd(), segments ? 14 : 14_000);
        KQueueTcpInfo info = read(platform, struct, layout.size());

        assertThat(info.stateName()).isEqualTo("CLOSE_WAIT");
        assertThat(info.rtt()).isEqualTo(25_000);
        assertThat(info.rttvar()).isEqualTo(3_000);
        assertThat(info.rto()).isEqualTo(230_000);
        assertThat(info.sndCwnd()).isEqualTo(14);
        assertThat(info.sndCwndBytes()).isEqualTo(14_000);
    }

    /** 104 bytes were all that Linux had before 3.15. */
    @Test
    void anOlderKernelTellsLess() throws IOException {
        ByteBuffer struct = structOf(linux);
        put(struct, linux.tcpInfo().totalRetrans(), 3);
        KQueueTcpInfo info = read(linux, struct, 104);
        assertThat(info.totalRetrans()).isEqualTo(3);
        assertThat(info.pacingRate()).isEqualTo(-1);
        assertThat(info.bytesSent()).isEqualTo(-1);
        assertThat(info.sndWnd()).isEqualTo(-1);
    }

    @Test
    void withoutMssNothingIsConverted() throws IOException {
        ByteBuffer struct = structOf(netbsd);
        put(struct, netbsd.tcpInfo().sndSsthresh(), 14_600);
        assertThat(read(netbsd, struct, struct.capacity()).sndSsthresh()).isEqualTo(-1);
    }

    @Test
    void aSystemThatTellsNothingIsNamed() {
        Platform dragonfly = Records.with(linux, "tcpInfo", Records.with(linux.tcpInfo(), "option", Platform.ABSENT));
        assertThatThrownBy(() -> read(dragonfly, structOf(linux), 0))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("TCP_INFO is not available on linux-amd64");
    }

    @Test
    void nothingIsKnownAtFirst() throws ReflectiveOperationException {
        KQueueTcpInfo info = new KQueueTcpInfo();
        assertThat(info.stateName()).isNull();
        List<String> values = new ArrayList<>();
        for (Method method : KQueueTcpInfo.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())
                    && method.getReturnType().isPrimitive()) {
                assertThat(((Number) method.invoke(info)).longValue())
                        .as(method.getName())
                        .isEqualTo(-1);
                values.add(method.getName());
            }
        }
        assertThat(values).hasSizeGreaterThan(50);
    }

    private static long three(Field field, String name) {
        if (field.unit() == FieldUnit.HIGH_NIBBLE) {
            return 0x30;
        }
        return name.startsWith("last") && field.unit() == FieldUnit.MICROSECONDS ? 3000 : 3;
    }

    /** No accessor is wired to a neighbour's field: each field alone changes just the accessors of its name. */
    @Test
    void everyFieldHasItsAccessor() throws ReflectiveOperationException, IOException {
        for (Platform platform : new Platform[] {linux, netbsd}) {
            TcpInfoLayout layout = platform.tcpInfo();
            for (var component : TcpInfoLayout.class.getRecordComponents()) {
                if (component.getType() != Field.class
                        || !((Field) component.getAccessor().invoke(layout)).exists()) {
                    continue;
                }
                Field field = (Field) component.getAccessor().invoke(layout);
                ByteBuffer struct = structOf(platform);
                put(struct, layout.sndMss(), 1);
                put(struct, field, three(field, component.getName()));
                KQueueTcpInfo info = read(platform, struct, struct.capacity());
                String name = switch (component.getName()) {
                    case "rttVar" -> "rttvar";
                    case "advMss" -> "advmss";
                    default -> component.getName();
                };
                Number value = (Number) KQueueTcpInfo.class.getMethod(name).invoke(info);
                assertThat(value.longValue()).as(platform.id() + " " + name).isEqualTo(3);
            }
        }
    }
}
