// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** With names of Linux's abstract name space, which no file goes with; other systems have none. */
@SharedSuite
public class KQueueAbstractDomainSocketEchoTest extends KQueueDomainSocketEchoTest {

    @BeforeAll
    static void onlyOnLinux() {
        assumeTrue(io.github.kqueueffm.KQueue.platform().startsWith("linux"), "no abstract names here");
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return new DomainSocketAddress("\0kqueue-" + UUID.randomUUID());
    }
}
