// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Platform;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KnownOptionsTest {

    private final ScriptedCalls calls = new ScriptedCalls();
    private final Platform platform = calls.binding().platform();
    private final Loopback loopback = new Loopback(calls.binding(), null);
    private final KnownOptions options = new KnownOptions();

    @AfterEach
    void close() throws IOException {
        loopback.close();
    }

    private NativeSocket listener(Map<SocketOption, Integer> set) throws IOException {
        NativeSocket listener = loopback.socket();
        for (Map.Entry<SocketOption, Integer> entry : set.entrySet()) {
            listener.setOption(entry.getKey(), entry.getValue());
        }
        options.capture(listener, set);
        return loopback.listening(listener);
    }

    private static boolean contains(int set, SocketOption option) {
        return (set & KnownOptions.bit(option)) != 0;
    }

    /** What the platform data claims, tried. */
    @Test
    void acceptedSocketsHaveWhatTheirListenerHad() throws IOException {
        Map<SocketOption, Integer> set = new EnumMap<>(SocketOption.class);
        set.put(SocketOption.TCP_NODELAY, 1);
        set.put(SocketOption.SO_KEEPALIVE, 1);
        set.put(SocketOption.SO_REUSEADDR, 1);
        set.put(SocketOption.SO_LINGER, 7);
        set.put(SocketOption.SO_RCVBUF, 20_000);
        set.put(SocketOption.SO_SNDBUF, 30_000);
        set.put(SocketOption.TCP_KEEPIDLE, 71);
        set.put(SocketOption.TCP_KEEPINTVL, 13);
        set.put(SocketOption.TCP_KEEPCNT, 3);
        NativeSocket child = loopback.pair(listener(set)).server();
        int known = options.known();
        for (Map.Entry<SocketOption, Integer> entry : set.entrySet()) {
            SocketOption option = entry.getKey();
            assertThat(contains(known, option)).as("%s is known", option).isEqualTo(option.isInherited(platform));
            if (contains(known, option)) {
                assertThat(options.has(option, entry.getValue(), child))
                        .as("%s is inherited", option)
                        .isTrue();
            }
        }
    }

    @Test
    void onlyTheFirstConnectionIsAsked() throws IOException {
        NativeSocket listener = listener(Map.of(SocketOption.TCP_NODELAY, 1));
        NativeSocket first = loopback.pair(listener).server();
        NativeSocket second = loopback.pair(listener).server();
        calls.clearLog();
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, first)).isTrue();
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, second)).isTrue();
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, first)).isTrue();
        assertThat(calls.log()).hasSize(1).allMatch(call -> call.startsWith("getsockopt(" + first.intValue()));
    }

    @Test
    void anotherValueIsNotKnown() throws IOException {
        NativeSocket child =
                loopback.pair(listener(Map.of(SocketOption.TCP_NODELAY, 1))).server();
        calls.clearLog();
        assertThat(options.has(SocketOption.TCP_NODELAY, 0, child)).isFalse();
        assertThat(calls.log()).isEmpty();
    }

    @Test
    void aKernelThatHandsDownNothingIsFoundOutOnce() throws IOException {
        NativeSocket listener = listener(Map.of(SocketOption.TCP_NODELAY, 1));
        NativeSocket first = loopback.pair(listener).server();
        NativeSocket second = loopback.pair(listener).server();
        first.setOption(SocketOption.TCP_NODELAY, 0);
        calls.clearLog();
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, first)).isFalse();
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, second)).isFalse();
        assertThat(calls.count("getsockopt")).isEqualTo(1);
    }

    @Test
    void buffersAreComparedAsTheKernelCountsThem() throws IOException {
        NativeSocket listener = listener(Map.of(SocketOption.SO_RCVBUF, 20_000));
        NativeSocket child = loopback.pair(listener).server();
        assertThat(options.has(SocketOption.SO_RCVBUF, 20_000, child)).isTrue();
        assertThat(options.has(SocketOption.SO_RCVBUF, 40_000, child)).isFalse();
    }

    @Test
    void whatIsForgottenIsNotFoundByLaterConnections() throws IOException {
        listener(Map.of(SocketOption.TCP_NODELAY, 1, SocketOption.SO_KEEPALIVE, 1));
        int earlier = options.known();
        options.forget(SocketOption.TCP_NODELAY);
        int later = options.known();
        assertThat(contains(earlier, SocketOption.TCP_NODELAY)).isTrue();
        assertThat(contains(later, SocketOption.TCP_NODELAY)).isFalse();
        assertThat(contains(later, SocketOption.SO_KEEPALIVE)).isTrue();
        options.forgetAll();
        assertThat(options.known()).isZero();
    }

    @Test
    void nothingIsKnownOfOptionsThatAreNotHandedDown() throws IOException {
        listener(Map.of(SocketOption.IP_TOS, 8, SocketOption.SO_REUSEPORT, 1));
        assertThat(options.known()).isZero();
        assertThat(new KnownOptions().known()).isZero();
    }

    @Test
    void aConnectionThatCannotBeAskedSaysSo() throws IOException {
        NativeSocket child =
                loopback.pair(listener(Map.of(SocketOption.TCP_NODELAY, 1))).server();
        calls.answer("getsockopt", -platform.errno().EINVAL());
        assertThatThrownBy(() -> options.has(SocketOption.TCP_NODELAY, 1, child))
                .isInstanceOf(KQueueIoException.class);
        // That told nothing about the next one.
        calls.answer("getsockopt", arguments -> null);
        assertThat(options.has(SocketOption.TCP_NODELAY, 1, child)).isTrue();
    }

    @Test
    void noDelayIsOnByDefault() {
        assertThat(options.isNoDelay()).isTrue();
        options.setNoDelay(false);
        assertThat(options.isNoDelay()).isFalse();
    }

    @Test
    void connectionsShareTheMeasureOfTheirSendBuffer() throws IOException {
        NativeSocket listener = listener(Map.of());
        NativeSocket first = loopback.pair(listener).server();
        NativeSocket second = loopback.pair(listener).server();
        int sendBuffer = first.option(SocketOption.SO_SNDBUF);
        calls.clearLog();
        GatheringLimit one = new GatheringLimit(platform);
        GatheringLimit other = new GatheringLimit(platform);
        assertThat(one.bytes(first, options)).isEqualTo(2L * sendBuffer);
        assertThat(one.bytes(first, options)).isEqualTo(2L * sendBuffer);
        assertThat(other.bytes(second, options)).isEqualTo(2L * sendBuffer);
        assertThat(calls.log()).hasSize(1);
        // One that has set its own asks for its own.
        assertThat(new GatheringLimit(platform).bytes(second, null)).isPositive();
        assertThat(calls.log()).hasSize(2);
    }

    @Test
    void gatheringLimitFollowsWhatTheKernelTakes() throws IOException {
        NativeSocket socket = loopback.socket();
        socket.setOption(SocketOption.SO_SNDBUF, 30_000);
        GatheringLimit limit = new GatheringLimit(platform);
        long start = limit.bytes(socket, null);
        assertThat(start).isEqualTo(2L * socket.option(SocketOption.SO_SNDBUF));
        limit.adjust(100, 100);
        assertThat(limit.bytes(socket, null)).as("small writes prove nothing").isEqualTo(start);
        limit.adjust(start, start);
        assertThat(limit.bytes(socket, null)).isEqualTo(2 * start);
        limit.adjust(2 * start, start);
        assertThat(limit.bytes(socket, null)).as("half was taken").isEqualTo(2 * start);
        limit.adjust(2 * start, start - 1);
        assertThat(limit.bytes(socket, null)).isEqualTo(start);
        limit.adjust(4096, 1);
        assertThat(limit.bytes(socket, null)).as("not below what is small").isEqualTo(start);
        limit.adjust(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4);
        assertThat(limit.bytes(socket, null)).isEqualTo(platform.traits().maxIoBytes());
        limit.reset();
        assertThat(limit.bytes(socket, null)).isEqualTo(start);
    }
}
