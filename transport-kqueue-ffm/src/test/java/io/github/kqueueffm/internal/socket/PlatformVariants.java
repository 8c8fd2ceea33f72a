// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.testing.Records;

/** Records that differ from a real one in a single point. */
final class PlatformVariants {

    private PlatformVariants() {}

    /** SOCK_NONBLOCK and SOCK_CLOEXEC are absent, as on macOS. */
    static Platform withoutSocketFlags(Platform platform) {
        SocketConstants without = Records.with(
                Records.with(platform.socket(), "SOCK_NONBLOCK", Platform.ABSENT), "SOCK_CLOEXEC", Platform.ABSENT);
        return Records.with(platform, "socket", without);
    }
}
