// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.exhaustion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A descriptor that is passed to a process that has no number left for it is lost, and its reader is told. */
class PassedDescriptorLossTest {

    @Test
    @Timeout(120)
    void theReaderIsTold(@TempDir Path folder) throws Exception {
        Process process = LimitedProcess.start(ExhaustedReceiver.class, folder);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            // The kernels cut the control message short; some say EMFILE instead.
            assertThat(output.readLine()).containsPattern("MSG_CTRUNC|EMFILE");
            assertThat(output.readLine()).isEqualTo("received");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
