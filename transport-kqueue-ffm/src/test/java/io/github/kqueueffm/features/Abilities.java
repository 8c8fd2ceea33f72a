// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What this transport can do on a system, as far as the system's record decides it. */
final class Abilities {

    private static final String YES = "yes";
    private static final String NO = "–";

    private Abilities() {}

    /** By the name of the row of the page. */
    static Map<String, Function<Platform, String>> all() {
        Map<String, Function<Platform, String>> all = new LinkedHashMap<>();
        all.put(
                "FileRegion by sendfile(2)",
                platform -> yes(has(platform, CFunction.SENDFILE)
                        || has(platform, CFunction.SENDFILE_SBYTES)
                        || has(platform, CFunction.SENDFILE_LENGTH)));
        all.put(
                "TCP Fast Open, client",
                platform -> yes(Platform.has(platform.socket().MSG_FASTOPEN())
                        || has(platform, CFunction.CONNECTX)
                        || platform.traits().fastOpenBySendto()));
        all.put(
                "TCP Fast Open, server",
                platform -> yes(Platform.has(platform.socket().TCP_FASTOPEN())));
        all.put(
                "TCP_INFO as a typed snapshot",
                platform -> yes(Platform.has(platform.tcpInfo().option())));
        all.put("accept filters", platform -> yes(Platform.has(platform.socket().SO_ACCEPTFILTER())));
        all.put("datagrams received in batches", platform -> yes(has(platform, CFunction.RECVMMSG)));
        all.put("datagrams sent in batches", platform -> yes(has(platform, CFunction.SENDMMSG)));
        all.put(
                "multicast, IPv4",
                platform -> yes(Platform.has(platform.multicast().IP_ADD_MEMBERSHIP())));
        all.put(
                "multicast, IPv6",
                platform -> yes(Platform.has(platform.multicast().IPV6_JOIN_GROUP())));
        all.put(
                "multicast of one source, IPv4",
                platform -> yes(Platform.has(platform.multicast().IP_ADD_SOURCE_MEMBERSHIP())));
        all.put(
                "multicast of one source, IPv6",
                platform -> yes(Platform.has(platform.multicast().MCAST_JOIN_SOURCE_GROUP())));
        all.put("multicast, a source blocked", platform -> blocking(platform));
        all.put("abstract UNIX socket names", platform -> yes(platform.traits().abstractUnixNames()));
        all.put(
                "descriptors passed over UNIX sockets",
                platform -> yes(Platform.has(platform.socket().SCM_RIGHTS())));
        all.put("credentials of a UNIX socket's peer", platform -> credentials(platform));
        return all;
    }

    private static String blocking(Platform platform) {
        boolean inet = Platform.has(platform.multicast().IP_BLOCK_SOURCE());
        boolean inet6 = Platform.has(platform.multicast().MCAST_BLOCK_SOURCE());
        return inet && inet6 ? YES : inet ? "IPv4" : inet6 ? "IPv6" : NO;
    }

    private static String credentials(Platform platform) {
        if (!Platform.has(platform.credentials().option())) {
            return NO;
        }
        boolean pid = Platform.has(platform.credentials().pid())
                || Platform.has(platform.credentials().pidOption());
        return pid ? YES : "without pid";
    }

    private static boolean has(Platform platform, CFunction function) {
        return platform.symbol(function) != null;
    }

    private static String yes(boolean able) {
        return able ? YES : NO;
    }
}
