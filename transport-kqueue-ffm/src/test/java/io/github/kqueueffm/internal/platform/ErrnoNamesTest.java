// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoNamesTest {

    private static Errno errno(String target) {
        return new Platforms(new MapOpener()).forProperty(target).errno();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "linux-arm64", "netbsd-amd64", "netbsd-arm64"})
    void everyErrnoHasItsNameAndAText(String target) throws ReflectiveOperationException {
        Errno errno = errno(target);
        for (RecordComponent component : Errno.class.getRecordComponents()) {
            int value = (int) component.getAccessor().invoke(errno);
            String expected = component.getName();
            if (expected.equals("ENOTSUP") && errno.ENOTSUP() == errno.EOPNOTSUPP()) {
                expected = "EOPNOTSUPP";
            }
            assertThat(ErrnoNames.name(errno, value)).isEqualTo(expected);
            assertThat(ErrnoNames.describe(errno, value))
                    .as(expected)
                    .isNotBlank()
                    .doesNotContain("Unknown");
        }
    }

    @Test
    void numbersAreThoseOfTheRecord() {
        Errno linux = errno("linux-amd64");
        Errno netbsd = errno("netbsd-amd64");
        assertThat(ErrnoNames.name(linux, 104)).isEqualTo("ECONNRESET");
        assertThat(ErrnoNames.describe(linux, 104)).isEqualTo("Connection reset by peer");
        assertThat(ErrnoNames.name(netbsd, 54)).isEqualTo("ECONNRESET");
        assertThat(ErrnoNames.name(netbsd, 35)).isEqualTo("EAGAIN");
        assertThat(ErrnoNames.name(linux, 35)).isEqualTo("errno 35");
    }

    @Test
    void unknownNumbersStayNumbers() {
        Errno linux = errno("linux-amd64");
        assertThat(ErrnoNames.name(linux, 4711)).isEqualTo("errno 4711");
        assertThat(ErrnoNames.describe(linux, 4711)).isEqualTo("Unknown error 4711");
    }
}
