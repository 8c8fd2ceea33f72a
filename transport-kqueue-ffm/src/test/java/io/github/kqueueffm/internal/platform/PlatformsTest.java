// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformsTest {

    private String property;

    @BeforeEach
    void rememberProperty() {
        property = System.clearProperty(Platforms.PROPERTY);
    }

    @AfterEach
    void restoreProperty() {
        if (property == null) {
            System.clearProperty(Platforms.PROPERTY);
        } else {
            System.setProperty(Platforms.PROPERTY, property);
        }
    }

    /** freebsd has a file for 11 and one for 12 and later; netbsd one for all releases and one from 11 on. */
    @ParameterizedTest
    @CsvSource({
        "freebsd-amd64-11.4, freebsd-amd64-11",
        "freebsd-amd64-12.0-RELEASE, freebsd-amd64-12",
        "freebsd-amd64-15.1, freebsd-amd64-12",
        "freebsd-amd64-10.4, ",
        "freebsd-amd64, freebsd-amd64-12",
        "freebsd-arm64, ",
        "netbsd-amd64-7.99.34, netbsd-amd64",
        "netbsd-amd64-10.1_STABLE, netbsd-amd64",
        "netbsd-amd64-11.0, netbsd-amd64-11",
        "netbsd-amd64-12, netbsd-amd64-11",
        "netbsd-amd64, netbsd-amd64",
        "plan9-amd64, ",
    })
    void newestVariantThatIsNotNewerThanAsked(String wanted, String expected) {
        Platforms platforms = new Platforms(new MapOpener()
                .with("targets", "# some\nfreebsd-amd64-12\n\nnetbsd-amd64\nfreebsd-amd64-11\nnetbsd-amd64-11\n"));
        Target best = platforms.best(Target.parse(wanted));
        assertThat(best == null ? null : best.toString()).isEqualTo(expected);
    }

    /** The struct kevent of each release. */
    @ParameterizedTest
    @CsvSource({
        "netbsd-amd64-9.4, netbsd-amd64, 40, __kevent50",
        "netbsd-amd64-10.1, netbsd-amd64-10, 40, __kevent50",
        "netbsd-amd64-11.0, netbsd-amd64-11, 72, __kevent100",
        "netbsd-arm64-10.1, netbsd-arm64-10, 40, __kevent50",
        "netbsd-arm64-11.0_STABLE, netbsd-arm64-11, 72, __kevent100",
        "netbsd-amd64, netbsd-amd64, 40, __kevent50",
        "freebsd-amd64-11.4-RELEASE, freebsd-amd64-11, 32, kevent",
        "freebsd-amd64-12.0-RELEASE, freebsd-amd64-12, 64, kevent",
        "freebsd-amd64-15.0-CURRENT, freebsd-amd64-12, 64, kevent",
        "freebsd-arm64-14.3-RELEASE-p2, freebsd-arm64-12, 64, kevent",
        "freebsd-arm64, freebsd-arm64-12, 64, kevent",
        "openbsd-amd64-7.8, openbsd-amd64, 32, kevent",
        "openbsd-arm64-7.7, openbsd-arm64, 32, kevent",
        "darwin-amd64-13.6, darwin-amd64, 32, kevent",
        "darwin-arm64-15.4, darwin-arm64, 32, kevent",
        "linux-s390x-6.8.0, linux-s390x, 32, kevent",
    })
    void releasesHaveTheirOwnKevent(String wanted, String id, int size, String symbol) {
        Platform platform = new Platforms(new MapOpener()).forProperty(wanted);
        assertThat(platform.id()).isEqualTo(id);
        assertThat(platform.kevent().size()).isEqualTo(size);
        assertThat(platform.symbol(CFunction.KEVENT)).isEqualTo(symbol);
    }

    @Test
    void variantsOfOneSystemShareWhatIsCommon() {
        Platforms platforms = new Platforms(new MapOpener());
        Platform old = platforms.forProperty("netbsd-amd64-10.1");
        Platform recent = platforms.forProperty("netbsd-amd64-11.0");
        assertThat(recent.version()).isEqualTo("11");
        assertThat(recent.errno()).isEqualTo(old.errno());
        assertThat(recent.socket()).isEqualTo(old.socket());
        assertThat(recent.structs()).isEqualTo(old.structs());
        assertThat(recent.traits()).isEqualTo(old.traits());
    }

    @Test
    void unknownSystemIsNamedWithTheKnownOnes() {
        Platforms platforms = new Platforms(new MapOpener());
        assertThatThrownBy(() -> platforms.forHost(Target.of("SunOS", "sparcv9", "5.11")))
                .isInstanceOf(UnknownPlatformException.class)
                .hasMessageContaining("This system is sunos-sparcv9-5.11")
                .hasMessageContaining("known: linux-amd64, linux-arm64, ")
                .hasMessageContaining("-D" + Platforms.PROPERTY);
    }

    @Test
    void unknownPropertyIsNamedWithTheKnownOnes() {
        System.setProperty(Platforms.PROPERTY, "linux-sparc64");
        assertThatThrownBy(Platforms::current)
                .isInstanceOf(UnknownPlatformException.class)
                .hasMessageContaining("-D" + Platforms.PROPERTY + "=linux-sparc64")
                .hasMessageContaining("known: linux-amd64, linux-arm64, ");
    }

    @Test
    void malformedPropertyIsExplained() {
        System.setProperty(Platforms.PROPERTY, "netbsd");
        assertThatThrownBy(Platforms::current)
                .isInstanceOf(UnknownPlatformException.class)
                .hasMessageContaining("'netbsd' is not <os>-<arch>[-<version>]");
    }

    @Test
    void missingListOfTargetsIsExplained() {
        assertThatThrownBy(() -> new Platforms(file -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'targets', is missing");
    }

    @Test
    void propertyChoosesTheRecordAndHostStaysWhatItIs() {
        Platform host = Platforms.current();
        System.setProperty(Platforms.PROPERTY, "netbsd-amd64-10.1");
        Platform chosen = Platforms.current();
        assertThat(chosen.os()).isEqualTo("netbsd");
        assertThat(Platforms.host()).isEqualTo(host);
    }

    @Test
    void runningSystemIsDetected() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Platform current = Platforms.current();
        assertThat(os).startsWith(current.os());
        assertThat(Platforms.detectedId()).startsWith(current.os() + '-' + current.arch() + '-');
        assertThat(Platforms.isForeign(current)).isFalse();
        assertThat(Platforms.host()).isEqualTo(current);
        assertThat(Platforms.isForeign(new Platforms(new MapOpener())
                        .forProperty(current.os().equals("netbsd") ? "linux-amd64" : "netbsd-amd64")))
                .isTrue();
    }
}
