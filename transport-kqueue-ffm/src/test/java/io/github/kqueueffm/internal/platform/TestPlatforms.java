// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.util.List;
import java.util.stream.Stream;

/** Records for tests that run against a kernel of their own, whatever system they run on. */
public final class TestPlatforms {

    private TestPlatforms() {}

    /** @param id {@code <os>-<arch>[-<version>]}, as the property takes it */
    public static Platform named(String id) {
        return new Platforms(Platforms.class::getResourceAsStream).forProperty(id);
    }

    /** The targets that there is data for, as {@link #named} takes them. */
    public static List<String> ids() {
        return new Platforms(Platforms.class::getResourceAsStream)
                .known().stream().map(Target::toString).toList();
    }

    /** One of each kernel and release; architectures differ in nothing that kqueue has to do with. */
    public static Stream<Platform> ofEachKernel() {
        return ids().stream()
                .map(TestPlatforms::named)
                .filter(platform -> platform.arch().equals("amd64"));
    }

    /**
     * One of each {@code struct kevent}: 16-bit filter and flags and negative filter numbers, as on FreeBSD and macOS, and
     * NetBSD's with 32 bits, where filter 0 is EVFILT_READ.
     */
    public static Stream<Platform> ofEachKevent() {
        return Stream.of(named("linux-amd64"), named("netbsd-amd64"));
    }
}
