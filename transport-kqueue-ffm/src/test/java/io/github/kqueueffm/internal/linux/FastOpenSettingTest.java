// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.ScriptedCalls;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FastOpenSettingTest {

    private static final int FD = 42;

    private final ScriptedCalls calls = new ScriptedCalls(TestPlatforms.named("linux-amd64"));

    private FastOpenSetting read(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        calls.answer("open", arguments -> {
            assertThat(new Pointer((long) arguments[0]).getString(0)).isEqualTo("/proc/sys/net/ipv4/tcp_fastopen");
            return FD;
        });
        calls.answer("read", arguments -> {
            assertThat(arguments[0]).isEqualTo(FD);
            new Pointer((long) arguments[1]).write(0, bytes, 0, bytes.length);
            return bytes.length;
        });
        calls.answer("close", 0);
        return FastOpenSetting.read(calls.binding());
    }

    @ParameterizedTest
    @CsvSource({"0,false,false", "1,true,false", "2,false,true", "3,true,true", "1027,true,true", "1024,false,false"})
    void bits(String content, boolean client, boolean server) {
        FastOpenSetting setting = read(content + '\n');
        assertThat(setting.client()).isEqualTo(client);
        assertThat(setting.server()).isEqualTo(server);
        assertThat(calls.log()).endsWith("close(42)");
    }

    @Test
    void aFileThatCannotBeReadIsOff() {
        int absent = -calls.binding().platform().errno().ENOENT();
        calls.answer("open", absent);
        FastOpenSetting setting = FastOpenSetting.read(calls.binding());
        assertThat(setting.client()).isFalse();
        assertThat(setting.server()).isFalse();
        assertThat(calls.count("read")).isZero();
        setting = read("");
        assertThat(setting.client()).isFalse();
        assertThat(setting.server()).isFalse();
    }

    @Test
    void whatIsNoNumberIsReported() {
        assertThatThrownBy(() -> read("on"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tcp_fastopen holds no number: on");
    }
}
