// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.testing.Records;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Native methods belong to their class, so the first library stays the only one. */
class JnaSyscallsTest {

    private static final Platform PLATFORM = Platforms.host();
    private static final CLibrary PROCESS = new CLibrary(null, false, null);

    private static Platform withSymbols(Map<CFunction, String> symbols) {
        return Records.with(PLATFORM, "symbols", symbols);
    }

    @Test
    void anotherInstanceWithTheSameNamesWorks() {
        new JnaSyscalls(PLATFORM, PROCESS);
        JnaSyscalls second = new JnaSyscalls(withSymbols(Map.copyOf(PLATFORM.symbols())), PROCESS);
        assertThat(second.close(-1)).isEqualTo(-PLATFORM.errno().EBADF());
    }

    @Test
    void anotherNameForAFunctionIsRefused() {
        new JnaSyscalls(PLATFORM, PROCESS);
        Map<CFunction, String> renamed = new EnumMap<>(PLATFORM.symbols());
        renamed.put(CFunction.READ, "write");
        assertThatThrownBy(() -> new JnaSyscalls(withSymbols(renamed), PROCESS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("JNA is bound to");
    }
}
