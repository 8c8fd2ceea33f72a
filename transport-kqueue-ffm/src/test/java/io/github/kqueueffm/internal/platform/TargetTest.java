// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, x86_64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Mac OS X, aarch64, darwin-arm64",
        "Mac OS X, x86_64, darwin-amd64",
        "FreeBSD, amd64, freebsd-amd64",
        "NetBSD, amd64, netbsd-amd64",
        "OpenBSD, amd64, openbsd-amd64",
        "DragonFlyBSD, amd64, dragonfly-amd64",
        "DragonFly, x86_64, dragonfly-amd64",
        "Linux, riscv64, linux-riscv64",
        "SunOS, sparcv9, sunos-sparcv9",
    })
    void spellingsOfJvmsAreOne(String os, String arch, String expected) {
        assertThat(Target.of(os, arch, "")).hasToString(expected);
        assertThat(Target.of(os, arch, "10.1")).hasToString(expected + "-10.1");
    }

    @ParameterizedTest
    @CsvSource({
        "netbsd-amd64, netbsd, amd64, ''",
        "NetBSD-x86_64-10.1, netbsd, amd64, 10.1",
        "freebsd-aarch64-14.3-RELEASE, freebsd, arm64, 14.3-RELEASE",
    })
    void parsesWhatThePropertyHolds(String text, String os, String arch, String version) {
        assertThat(Target.parse(text)).isEqualTo(new Target(os, arch, version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "netbsd", "linux_amd64"})
    void rejectsWhatIsNoTarget(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("<os>-<arch>[-<version>]");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', 1, -1",
        "10, 9, 1",
        "10.1, 10.1, 0",
        "10.1, 10, 1",
        "10.0, 10, 0",
        "10.1_STABLE, 10.1, 0",
        "14.3-RELEASE-p2, 14.3, 0",
        "14.3-RELEASE, 15.0-CURRENT, -1",
        "6.18.44-fc, 6.9, 1",
        "7.99.34, 8, -1",
        "2, 10, -1",
        "99999999999999999999, 10, 1",
    })
    void comparesReleasesByNumber(String left, String right, int expected) {
        assertThat(Integer.signum(Target.compareReleases(left, right))).isEqualTo(expected);
        assertThat(Integer.signum(Target.compareReleases(right, left))).isEqualTo(-expected);
    }
}
