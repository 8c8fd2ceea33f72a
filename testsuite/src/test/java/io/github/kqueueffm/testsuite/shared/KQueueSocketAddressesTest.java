// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketAddressesTest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

@SharedSuite
public class KQueueSocketAddressesTest extends SocketAddressesTest {

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.socket();
    }

    @Override
    protected void assertAddress(SocketAddress address) {
        assertThat(address).isInstanceOf(InetSocketAddress.class);
        InetSocketAddress inet = (InetSocketAddress) address;
        assertThat(inet.getPort()).isPositive();
        assertThat(inet.getAddress().isAnyLocalAddress()).isFalse();
    }
}
