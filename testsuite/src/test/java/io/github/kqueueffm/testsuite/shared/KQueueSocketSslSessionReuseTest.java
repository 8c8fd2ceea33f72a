// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SharedSuite
public class KQueueSocketSslSessionReuseTest extends SocketSslSessionReuseTest {

    private static final String OPENSSL = "OpenSSL";

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.socket();
    }

    /** The suite's two sets of parameters, by name. */
    static List<Arguments> namedProviders() throws Exception {
        Iterator<Object[]> sets = jdkAndOpenSSL().iterator();
        return List.of(argumentSet("JDK", sets.next()), argumentSet(OPENSSL, sets.next()));
    }

    /** Upstream runs the OpenSSL set without looking whether netty-tcnative is there, and fails where it is not. */
    @Override
    @ParameterizedTest(name = "{argumentSetName}")
    @MethodSource("namedProviders")
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    public void testSslSessionTrustManagerResumption(
            SslContextBuilder server, SslContextBuilder client, TestInfo testInfo) throws Throwable {
        assumeTrue(
                !testInfo.getDisplayName().equals(OPENSSL) || OpenSsl.isAvailable(),
                "upstream needs netty-tcnative for this set");
        super.testSslSessionTrustManagerResumption(server, client, testInfo);
    }
}
