// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The options that a channel of this transport has on a system, asked of a channel over a kernel that agrees to everything. */
final class OwnOptions {

    private OwnOptions() {}

    static Set<String> of(Class<? extends Channel> type, SocketProtocolFamily family, Platform platform)
            throws Exception {
        Binding binding = new Binding("agreeable", platform, agreeable(platform));
        Constructor<? extends Channel> constructor = type.getDeclaredConstructor(NativeSocket.class, boolean.class);
        constructor.setAccessible(true);
        Channel channel = constructor.newInstance(new NativeSocket(binding, 3, family), false);
        try {
            return names(channel);
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    /** Without the class that Netty puts before a name. */
    static Set<String> names(Channel channel) {
        return channel.config().getOptions().keySet().stream()
                .map(option -> option.name().replaceFirst(".*#", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Syscalls agreeable(Platform platform) {
        return (Syscalls) Proxy.newProxyInstance(
                OwnOptions.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("has")) {
                        return platform.symbol((CFunction) arguments[0]) != null;
                    }
                    return method.getReturnType() == long.class ? (Object) 0L : (Object) 0;
                });
    }
}
