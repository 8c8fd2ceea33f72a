// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.datagrams;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import io.github.kqueueffm.examples.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DatagramExampleTest {
    private static final Pattern LISTENING =
            Pattern.compile("listening on (\\S+):(\\d+)(?: and in (.*))? over (\\S+)(?: \\(.*\\))?; Ctrl-C stops");
    private static final int SIGTERM_EXIT_CODE = 128 + 15;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String GROUP = "239.255.71.20";

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void answersUntilItIsStopped(Transport transport) throws Exception {
        byte[] large = new byte[60_000];
        new Random(1).nextBytes(large);
        try (DatagramSocket client = client();
                ExampleProcess process = start(transport, "--port=0")) {
            Matcher listening = LISTENING.matcher(process.line());
            assertThat(listening.matches()).isTrue();
            assertThat(listening.group(1)).isEqualTo("127.0.0.1");
            assertThat(listening.group(3)).isNull();
            assertThat(listening.group(4)).isEqualTo(transport.toString());
            InetSocketAddress server = new InetSocketAddress(LOOPBACK, Integer.parseInt(listening.group(2)));
            String from = "127.0.0.1:" + client.getLocalPort() + ": ";

            client.send(packet("hello\n".getBytes(StandardCharsets.UTF_8), server));
            assertThat(receive(client, server)).asString(StandardCharsets.UTF_8).isEqualTo("hello\n");
            assertThat(process.line()).isEqualTo(from + "6 bytes: hello");
            // Netty's NIO transport drops an empty datagram that it is to send.
            if (transport == Transport.KQUEUE) {
                client.send(packet(new byte[0], server));
                assertThat(receive(client, server)).isEmpty();
                assertThat(process.line()).isEqualTo(from + "0 bytes");
            }
            client.send(packet(large, server));
            assertThat(receive(client, server)).isEqualTo(large);
            assertThat(process.line()).startsWith(from + "60,000 bytes: ");
            process.terminate();
            CommandRun run = process.end();

            // Nothing on standard error: no leak was found either.
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("answered [23] datagrams in [0-9,.]+ s\\R");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void answersAndAnnouncesItselfInAGroup(Transport transport) throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        // A member of the group on the same port, before the server that announces itself there.
        try (MulticastSocket member = new MulticastSocket(0)) {
            member.setSoTimeout(TIMEOUT_MILLIS);
            InetSocketAddress group = new InetSocketAddress(GROUP, member.getLocalPort());
            member.joinGroup(group, loopback);
            try (MulticastSocket client = client();
                    ExampleProcess process = start(
                            transport,
                            "--port=" + group.getPort(),
                            "--group=" + GROUP,
                            "--interface=" + loopback.getName(),
                            "--announce=here I am")) {
                Matcher listening = LISTENING.matcher(process.line());
                assertThat(listening.matches()).isTrue();
                assertThat(listening.group(3)).isEqualTo("group " + GROUP + " on " + loopback.getName());
                assertThat(receive(member, new InetSocketAddress(LOOPBACK, group.getPort())))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("here I am");
                // It is a member, too, and must not answer itself for ever.
                assertThat(process.line()).isEqualTo("127.0.0.1:" + group.getPort() + ": 9 bytes: here I am");

                client.setNetworkInterface(loopback);
                client.send(packet("hello".getBytes(StandardCharsets.UTF_8), group));
                assertThat(receive(client, new InetSocketAddress(LOOPBACK, group.getPort())))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("hello");
                assertThat(process.line()).isEqualTo("127.0.0.1:" + client.getLocalPort() + ": 5 bytes: hello");
                process.terminate();
                CommandRun run = process.end();

                assertThat(run.err()).isEmpty();
                assertThat(run.out()).matches("answered 1 datagrams in [0-9,.]+ s\\R");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void saysThatAPortIsInUse(Transport transport) throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
            CommandRun run =
                    CommandRun.of(new DatagramExample(), "--transport=" + transport, "--port=" + other.getLocalPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("error: cannot listen on 127.0.0.1:" + other.getLocalPort() + ": ")
                    .contains("Address already in use");
        }
    }

    @Test
    void saysThatThereIsNoSuchInterface() {
        CommandRun run = CommandRun.of(new DatagramExample(), "--group=" + GROUP, "--interface=none0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).containsExactly("error: there is no network interface none0");
    }

    @Test
    void saysThatAnAddressIsNotOfThisMachine() {
        // 203.0.113.0/24 is for documentation, RFC 5737.
        CommandRun run = CommandRun.of(new DatagramExample(), "--host=203.0.113.1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: cannot listen on 203.0.113.1:9000: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=65536",
                "--port=-1",
                "--group=10.0.0.1",
                "--group=ff02::z",
                "--interface=lo",
                "--announce=x",
                "--transport=select",
                "--threads=2",
                "extra"
            })
    void refusesWrongOptionsInOneLine(String option) {
        CommandRun.of(new DatagramExample(), option).assertRefused(option);
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new DatagramExample(), "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: run-example.sh datagrams ")
                .contains("--transport", "--host", "--port", "--group", "--interface", "--announce", "--help");
    }

    private static ExampleProcess start(Transport transport, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--transport=" + transport);
        return ExampleProcess.start(
                DatagramExample.class, List.of("-Dio.netty.leakDetection.level=paranoid"), all.toArray(String[]::new));
    }

    private static MulticastSocket client() throws IOException {
        MulticastSocket client = new MulticastSocket(new InetSocketAddress(LOOPBACK, 0));
        client.setSoTimeout(TIMEOUT_MILLIS);
        return client;
    }

    private static DatagramPacket packet(byte[] bytes, InetSocketAddress to) {
        return new DatagramPacket(bytes, bytes.length, to);
    }

    private static byte[] receive(DatagramSocket socket, InetSocketAddress from) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        socket.receive(packet);
        assertThat(packet.getSocketAddress()).isEqualTo(from);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
