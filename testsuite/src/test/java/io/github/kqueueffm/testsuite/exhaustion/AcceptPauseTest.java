// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.exhaustion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose process has no descriptor left rests, says so, and loses no connection. */
class AcceptPauseTest {

    @Test
    @Timeout(120)
    void restsWithoutDescriptorsAndLosesNothing(@TempDir Path folder) throws Exception {
        Process process = LimitedProcess.start(ExhaustedServer.class, folder);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            int port = Integer.parseInt(output.readLine());
            try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(output.readLine()).isEqualTo("paused");
                assertThat(output.readLine()).isEqualTo("paused");
                assertThat(output.readLine()).isEqualTo("paused");
                assertThat(output.readLine()).isEqualTo("rested");
                assertThat(output.readLine()).isEqualTo("accepted");
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
