// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.netty.testsuite.transport.socket.SocketSslLargeCertificateTest;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Listed so that the group is complete, and skipped without netty-tcnative as upstream skips it: its sessions are
 * OpenSSL's. It names NIO's channels itself and cannot be given others; {@code AbstractTlsTest} sends a large
 * certificate over ours.
 */
@SharedSuite
@EnabledIf(
        value = "supportKeyManagerAndTLS13",
        disabledReason = "upstream needs OpenSSL (netty-tcnative) with TLS 1.3 and a key manager")
public class KQueueSocketSslLargeCertificateTest extends SocketSslLargeCertificateTest {}
