// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslClientRenegotiateTest;
import java.util.List;

/** Skips itself without netty-tcnative, which this build does not have: it renegotiates with OpenSSL. */
@SharedSuite
public class KQueueSocketSslClientRenegotiateTest extends SocketSslClientRenegotiateTest {

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.socket();
    }
}
