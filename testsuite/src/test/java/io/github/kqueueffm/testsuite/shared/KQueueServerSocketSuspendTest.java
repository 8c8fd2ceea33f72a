// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.ServerSocketSuspendTest;
import java.util.List;

/** Skipped: upstream disables its only test for every transport ("Need to investigate why it fails on osx"). */
@SharedSuite
public class KQueueServerSocketSuspendTest extends ServerSocketSuspendTest {

    @Override
    protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.serverSocket();
    }
}
