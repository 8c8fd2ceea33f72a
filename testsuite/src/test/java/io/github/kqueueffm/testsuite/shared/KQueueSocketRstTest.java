// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketRstTest;
import java.io.IOException;
import java.util.List;

@SharedSuite
public class KQueueSocketRstTest extends SocketRstTest {

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.socket();
    }

    /** The suite looks for words in the JDK's message; ours carries the errno. */
    @Override
    protected void assertRstOnCloseException(IOException cause, Channel clientChannel) {
        if (clientChannel instanceof KQueueSocketChannel) {
            assertThat(cause).isInstanceOf(KQueueIoException.class);
            assertThat(((KQueueIoException) cause).errnoName()).isEqualTo("ECONNRESET");
        } else {
            super.assertRstOnCloseException(cause, clientChannel);
        }
    }
}
