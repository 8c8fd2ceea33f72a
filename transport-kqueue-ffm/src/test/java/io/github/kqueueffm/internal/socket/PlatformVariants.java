// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import java.lang.reflect.RecordComponent;
import java.util.Set;

/** Records that differ from a real one in a single point. */
final class PlatformVariants {

    private PlatformVariants() {}

    /** SOCK_NONBLOCK and SOCK_CLOEXEC are absent, as on macOS. */
    static Platform withoutSocketFlags(Platform platform) {
        return with(platform, without(platform.socket(), Set.of("SOCK_NONBLOCK", "SOCK_CLOEXEC")));
    }

    private static SocketConstants without(SocketConstants constants, Set<String> names) {
        try {
            RecordComponent[] components = SocketConstants.class.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = int.class;
                values[i] = names.contains(components[i].getName())
                        ? Platform.ABSENT
                        : components[i].getAccessor().invoke(constants);
            }
            return SocketConstants.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Platform with(Platform platform, SocketConstants socket) {
        return new Platform(
                platform.os(),
                platform.arch(),
                platform.version(),
                platform.kevent(),
                platform.kqueue(),
                platform.errno(),
                socket,
                platform.file(),
                platform.epoll(),
                platform.sockaddr(),
                platform.structs(),
                platform.traits(),
                platform.symbols());
    }
}
