// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.util.LinkedHashMap;
import java.util.Map;

/** The operating systems that the jar has data for, by the name that people write. */
final class Systems {

    private static final Map<String, String> NAMES = Map.of(
            "darwin", "macOS",
            "freebsd", "FreeBSD",
            "netbsd", "NetBSD",
            "openbsd", "OpenBSD",
            "dragonfly", "DragonFly",
            "linux", "Linux");

    private Systems() {}

    /** One record for each, of its newest release: the last in the list. Architectures differ in nothing that the page tells. */
    static Map<String, Platform> all() {
        Map<String, Platform> systems = new LinkedHashMap<>();
        for (String id : TestPlatforms.ids()) {
            Platform platform = TestPlatforms.named(id);
            systems.put(NAMES.getOrDefault(platform.os(), platform.os()), platform);
        }
        return systems;
    }
}
