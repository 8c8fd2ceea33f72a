// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that differs between the operating systems, architectures and versions we run on, as one immutable record
 * of numbers and names. The code above this package has no other way to tell them apart.
 *
 * @param os {@code linux}, {@code netbsd}, ...
 * @param arch {@code amd64}, {@code arm64}, ...
 * @param version the oldest release this record is for, empty where the record holds for all
 * @param symbols the names to look C functions up under; a function that is not a key does not exist there
 */
public record Platform(
        String os,
        String arch,
        String version,
        KeventLayout kevent,
        KqueueConstants kqueue,
        NoteConstants notes,
        Errno errno,
        SocketConstants socket,
        MulticastConstants multicast,
        FileConstants file,
        EpollConstants epoll,
        InotifyConstants inotify,
        ProcessConstants process,
        SockaddrLayout sockaddr,
        MessageLayout message,
        MulticastLayout multicastStructs,
        CredentialsLayout credentials,
        TcpInfoLayout tcpInfo,
        TcpStates tcpStates,
        StructLayouts structs,
        Traits traits,
        Map<CFunction, String> symbols) {

    /**
     * The value of a constant, a trait or an offset that the platform does not have. Not {@link Integer#MIN_VALUE}: that is
     * EPOLLET.
     */
    public static final int ABSENT = Integer.MIN_VALUE + 1;

    /** Whether the platform has the constant that holds {@code value}. */
    public static boolean has(int value) {
        return value != ABSENT;
    }

    /** Name to look {@code function} up under, {@code null} where the platform does not have it. */
    public @Nullable String symbol(CFunction function) {
        return symbols.get(function);
    }

    /** {@code <os>-<arch>} and, where the record is for some releases only, {@code -<version>}. */
    public String id() {
        return version.isEmpty() ? os + '-' + arch : os + '-' + arch + '-' + version;
    }
}
