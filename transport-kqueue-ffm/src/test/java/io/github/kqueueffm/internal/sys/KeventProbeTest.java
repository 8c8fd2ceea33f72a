// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel's own answer decides which struct kevent is used, whatever it calls itself. */
class KeventProbeTest {

    static Stream<Platform> platforms() {
        return Stream.of(
                        "darwin-amd64",
                        "darwin-arm64",
                        "freebsd-amd64-11",
                        "freebsd-amd64-12",
                        "netbsd-amd64",
                        "netbsd-amd64-11",
                        "openbsd-amd64",
                        "dragonfly-amd64")
                .map(TestPlatforms::named);
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void theKernelTakesItsOwnStruct(Platform platform) {
        ScriptedKernel kernel = new ScriptedKernel(platform);
        assertThat(KeventProbe.choose(kernel, List.of(platform))).isSameAs(platform);
        assertThat(kernel.openDescriptors()).isEmpty();
        assertThat(kernel.kevents()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "freebsd-amd64-12, freebsd-amd64-11",
        "freebsd-amd64-11, freebsd-amd64-12",
        "freebsd-arm64-12, freebsd-arm64-11",
        "freebsd-arm64-11, freebsd-arm64-12",
    })
    void theKernelOverrulesItsReleaseNumber(String saysItIs, String is) {
        ScriptedKernel kernel = new ScriptedKernel(TestPlatforms.named(is));
        List<Platform> candidates = Platforms.withTheSameNames(TestPlatforms.named(saysItIs));
        assertThat(candidates).extracting(Platform::id).containsExactly(saysItIs, is);
        Platform chosen = KeventProbe.choose(kernel, candidates);
        assertThat(chosen).isNotNull();
        assertThat(chosen.id()).isEqualTo(is);
        assertThat(kernel.openDescriptors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "netbsd-amd64, netbsd-amd64-11",
        "netbsd-amd64-11, netbsd-amd64",
        "freebsd-amd64-12, openbsd-amd64",
        "netbsd-amd64, freebsd-amd64-12",
        "openbsd-amd64, freebsd-amd64-12",
    })
    void aStructThatTheKernelDoesNotTakeIsRefused(String record, String kernelOf) {
        ScriptedKernel kernel = new ScriptedKernel(TestPlatforms.named(kernelOf));
        assertThat(KeventProbe.choose(kernel, List.of(TestPlatforms.named(record))))
                .isNull();
        assertThat(kernel.openDescriptors()).isEmpty();
    }

    /** Each name is for one struct there, so the name that is found decides. */
    @Test
    void releasesOfNetbsdAreToldApartByTheirNames() {
        Platform ten = TestPlatforms.named("netbsd-amd64");
        Platform eleven = TestPlatforms.named("netbsd-amd64-11");
        assertThat(Platforms.withTheSameNames(ten)).containsExactly(ten);
        assertThat(Platforms.withTheSameNames(eleven)).containsExactly(eleven);
        assertThat(ten.symbol(CFunction.KEVENT)).isNotEqualTo(eleven.symbol(CFunction.KEVENT));
    }

    /** What is in short supply says nothing of the struct. */
    @ParameterizedTest
    @CsvSource({"KQUEUE", "PIPE"})
    void withoutDescriptorsTheReleaseNumberStands(CFunction scarce) {
        Platform twelve = TestPlatforms.named("freebsd-amd64-12");
        ScriptedKernel kernel = new ScriptedKernel(TestPlatforms.named("freebsd-amd64-11"));
        kernel.fail(scarce, 1, twelve.errno().EMFILE());
        assertThat(KeventProbe.choose(kernel, Platforms.withTheSameNames(twelve)))
                .isSameAs(twelve);
        assertThat(kernel.openDescriptors()).isEmpty();
    }

    @Test
    void aSignalInBetweenDoesNotCount() {
        Platform platform = TestPlatforms.named("freebsd-amd64-12");
        ScriptedKernel kernel = new ScriptedKernel(platform);
        kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());
        assertThat(KeventProbe.choose(kernel, List.of(platform))).isSameAs(platform);
        assertThat(kernel.failuresDone()).isTrue();
        assertThat(kernel.openDescriptors()).isEmpty();
    }
}
