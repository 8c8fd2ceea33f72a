// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.handler.ssl.SslContext;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The suite's TLS echo with some of its sets of parameters, where all 96 of them would say little more: among the chosen
 * are each two values that two of the parameters can have. {@link KQueueSocketSslEchoTest} runs them all.
 */
abstract class PairwiseSslEchoTest extends SocketSslEchoTest {

    static List<Arguments> pairwise() throws Exception {
        List<Object[]> all = new ArrayList<>(data());
        Set<List<Object>> missing = new HashSet<>();
        all.forEach(set -> missing.addAll(pairs(set)));
        List<Arguments> chosen = new ArrayList<>();
        while (!missing.isEmpty()) {
            Object[] best = all.get(0);
            int most = 0;
            for (Object[] set : all) {
                Set<List<Object>> gained = pairs(set);
                gained.retainAll(missing);
                if (gained.size() > most) {
                    most = gained.size();
                    best = set;
                }
            }
            missing.removeAll(pairs(best));
            chosen.add(arguments(best));
        }
        return chosen;
    }

    /** Two positions and what is there, for each two positions. */
    private static Set<List<Object>> pairs(Object[] set) {
        Set<List<Object>> pairs = new HashSet<>();
        for (int one = 0; one < set.length; one++) {
            for (int other = one + 1; other < set.length; other++) {
                pairs.add(List.of(one, set[one], other, set[other]));
            }
        }
        return pairs;
    }

    @Override
    @ParameterizedTest
    @MethodSource("pairwise")
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    public void testSslEcho(
            SslContext serverContext,
            SslContext clientContext,
            Renegotiation renegotiation,
            boolean serverUsesDelegatedTaskExecutor,
            boolean clientUsesDelegatedTaskExecutor,
            boolean autoRead,
            boolean useChunkedWriteHandler,
            boolean useCompositeByteBuf,
            TestInfo testInfo)
            throws Throwable {
        super.testSslEcho(
                serverContext,
                clientContext,
                renegotiation,
                serverUsesDelegatedTaskExecutor,
                clientUsesDelegatedTaskExecutor,
                autoRead,
                useChunkedWriteHandler,
                useCompositeByteBuf,
                testInfo);
    }
}
