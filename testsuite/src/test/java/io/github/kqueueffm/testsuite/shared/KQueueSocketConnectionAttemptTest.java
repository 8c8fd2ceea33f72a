// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.UnresponsiveAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

@SharedSuite
public class KQueueSocketConnectionAttemptTest extends SocketConnectionAttemptTest {

    /** Without this, testConnectCancellation would be skipped, not failed, if the address answered. */
    @BeforeAll
    static void theBadAddressDoesNotAnswer() throws Exception {
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(UnresponsiveAddress.get(), 100))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Override
    protected List<BootstrapFactory<Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.clientSocketWithFastOpen();
    }
}
