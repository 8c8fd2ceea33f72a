// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.github.kqueueffm.KQueue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be told about a transport in use: only ours says how it is bound and what it counted. */
public final class TransportReport {
    /** Set to {@code true} before the transport is first used, this makes it count its system calls. */
    public static final String COUNT_PROPERTY = "io.github.kqueueffm.countSystemCalls";

    private TransportReport() {}

    /** The name of each property of the transport and its value, in the order to be shown; empty for foreign ones. */
    public static Map<String, String> properties(Transport transport) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (transport == Transport.KQUEUE) {
            properties.put("binding", KQueue.binding());
            properties.put("platform", KQueue.platform());
            properties.put("backend", KQueue.backend());
            properties.put("waker", KQueue.waker());
        }
        return properties;
    }

    /** The same in one line, with the name of the transport before it. */
    public static String line(Transport transport) {
        String details = properties(transport).entrySet().stream()
                .map(property -> property.getKey() + " " + property.getValue())
                .collect(Collectors.joining(", "));
        return details.isEmpty() ? transport.toString() : transport + " (" + details + ")";
    }

    /** Every system call that the transport made since the process started; empty if it does not count them. */
    public static Map<String, Long> systemCalls(Transport transport) {
        return transport == Transport.KQUEUE ? KQueue.systemCalls() : Map.of();
    }
}
