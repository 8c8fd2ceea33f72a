// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * TLS of the JDK with a certificate larger than a record, a socket buffer's first fill and a receive buffer's first guess:
 * what upstream's large certificate test asks of OpenSSL over NIO, asked of our channels.
 */
abstract class AbstractTlsTest implements Pairings {

    private static final String NAME = "a-rather-long-name-that-is-only-there-to-take-up-room-";

    List<Arguments> certificates() throws Exception {
        List<Arguments> all = new ArrayList<>();
        // The JDK takes no handshake message above 32 KiB (jdk.tls.maxHandshakeMessageSize).
        for (int names : new int[] {1, 50, 300}) {
            CertificateBuilder builder =
                    new CertificateBuilder().subject("CN=localhost").setIsCertificateAuthority(true);
            for (int i = 0; i < names; i++) {
                builder.addSanDnsName(NAME + i + ".example.com");
            }
            X509Bundle bundle = builder.buildSelfSigned();
            for (Pairing pairing : pairings()) {
                for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                    all.add(Arguments.of(pairing, protocol, names, bundle));
                }
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}, certificate of {2} names")
    @MethodSource("certificates")
    void largeCertificate(Pairing pairing, String protocol, int names, X509Bundle bundle) throws Exception {
        SslContext serverContext = SslContextBuilder.forServer(
                        bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .protocols(protocol)
                .build();
        SslContext clientContext = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(protocol)
                .trustManager(bundle.getCertificate())
                .endpointIdentificationAlgorithm(null)
                .build();
        byte[] data = Payload.of(200_000);
        try (Link link = Link.open(pairing)) {
            DuplexChannel server = pairing.accepted() ? link.subject() : link.peer();
            DuplexChannel client = pairing.accepted() ? link.peer() : link.subject();
            SslHandler serverTls = serverContext.newHandler(server.alloc());
            SslHandler clientTls = clientContext.newHandler(client.alloc());
            // On their loops, and the server's first: bytes that come before a handler is in its place pass it by.
            server.eventLoop()
                    .submit(() -> server.pipeline().addFirst(serverTls))
                    .sync();
            client.eventLoop()
                    .submit(() -> client.pipeline().addFirst(clientTls))
                    .sync();

            assertThat(clientTls.handshakeFuture().get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isSameAs(client);
            assertThat(clientTls.engine().getSession().getProtocol()).isEqualTo(protocol);
            assertThat(clientTls.engine().getSession().getPeerCertificates()).containsExactly(bundle.getCertificate());

            link.peer().writeAndFlush(Unpooled.wrappedBuffer(data));
            link.subject().writeAndFlush(Unpooled.wrappedBuffer(data));
            link.subjectEvents().awaitBytes(data.length);
            link.peerEvents().awaitBytes(data.length);
            assertThat(Arrays.equals(link.subjectEvents().bytes(), data)).isTrue();
            assertThat(Arrays.equals(link.peerEvents().bytes(), data)).isTrue();

            sync(link.peer().close());
            link.subjectEvents().await(Event.INACTIVE);
            assertThat(link.subjectEvents().exceptions()).isEmpty();
        }
    }
}
